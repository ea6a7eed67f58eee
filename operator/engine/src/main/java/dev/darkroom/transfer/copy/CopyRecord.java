package dev.darkroom.transfer.copy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.darkroom.format.DiskFormat;
import dev.darkroom.store.Blob;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.CopySource;
import dev.darkroom.transfer.model.Facts;
import dev.darkroom.transfer.model.TransferRequest;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What is kept beside a published copy, so that a later attempt at the same request can tell that
 * the work is done: the facts found, and which request they were found for. Written as attributes
 * {@code fingerprint}, {@code digest-<algorithm>}, {@code format}, {@code virtual-size}, and those
 * of {@link DeliveredRecord}.
 *
 * @param fingerprint of the request, see {@link #fingerprint}
 * @param facts what was found of the bytes
 */
public record CopyRecord(String fingerprint, Facts facts) {

  private static final String FINGERPRINT = "fingerprint";
  private static final String DIGEST = "digest-";
  private static final String FORMAT = "format";
  private static final String VIRTUAL_SIZE = "virtual-size";

  /**
   * What tells a request from others: its source's description, checksum, declared format,
   * attributes and terms of delivery, but not where copies shall be. Lower-case hex of a SHA-256.
   * Terms that say nothing change nothing: journals and copies from before there were any count.
   */
  public static String fingerprint(TransferRequest request) {
    if (request.source() instanceof CopySource source) {
      // It is the same thing, wherever it is read from.
      Optional<CopyRecord> original = of(source.copies().get(0).blob());
      if (original.isPresent()) {
        return original.get().fingerprint();
      }
    }
    MessageDigest digest = sha256();
    add(digest, request.source().describe());
    add(digest, request.checksum().map(Checksum::toString).orElse(""));
    add(digest, request.declaredFormat().map(DiskFormat::apiName).orElse(""));
    new TreeMap<>(request.attributes())
        .forEach(
            (key, value) -> {
              add(digest, key);
              add(digest, value);
            });
    String delivery = request.delivery().describe();
    if (!delivery.isEmpty()) {
      add(digest, delivery);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Reads what a store keeps beside a copy; empty when a transfer did not write it. */
  public static Optional<CopyRecord> of(Blob blob) {
    Map<String, String> attributes = blob.attributes();
    Map<Checksum.Algorithm, String> digests = new EnumMap<>(Checksum.Algorithm.class);
    for (Checksum.Algorithm algorithm : Checksum.Algorithm.values()) {
      Optional.ofNullable(attributes.get(DIGEST + algorithm.apiName()))
          .flatMap(hex -> Checksum.parse(algorithm.apiName() + ":" + hex))
          .ifPresent(checksum -> digests.put(algorithm, checksum.hex()));
    }
    Optional<DiskFormat> format = DiskFormat.of(attributes.getOrDefault(FORMAT, ""));
    Optional<OptionalLong> virtualSize = virtualSize(attributes.getOrDefault(VIRTUAL_SIZE, ""));
    if (!attributes.containsKey(FINGERPRINT)
        || !digests.containsKey(Checksum.Algorithm.SHA256)
        || format.isEmpty()
        || virtualSize.isEmpty()) {
      return Optional.empty();
    }
    Facts facts = Facts.of(digests, blob.size(), format.get(), virtualSize.get());
    return Optional.of(
        new CopyRecord(
            attributes.get(FINGERPRINT), DeliveredRecord.read(facts, blob.attributes())));
  }

  /** The request's own attributes and, on top, what {@link #of} reads. */
  Map<String, String> attributes(TransferRequest request) {
    Map<String, String> attributes = new TreeMap<>(request.attributes());
    attributes.put(FINGERPRINT, fingerprint);
    attributes.put(FORMAT, facts.format().apiName());
    facts.virtualSize().ifPresent(bytes -> attributes.put(VIRTUAL_SIZE, Long.toString(bytes)));
    facts.digests().forEach((algorithm, hex) -> attributes.put(DIGEST + algorithm.apiName(), hex));
    DeliveredRecord.write(facts, attributes);
    return attributes;
  }

  /** Empty when it can't be read; an empty one when there is none. */
  private static Optional<OptionalLong> virtualSize(String text) {
    if (text.isEmpty()) {
      return Optional.of(OptionalLong.empty());
    }
    try {
      return Optional.of(OptionalLong.of(Long.parseLong(text)));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Each part with its length before it, so that no two lists of parts look alike. */
  private static void add(MessageDigest digest, String part) {
    byte[] bytes = part.getBytes(UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance(Checksum.Algorithm.SHA256.jcaName());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the Java runtime lacks SHA-256", e);
    }
  }
}
