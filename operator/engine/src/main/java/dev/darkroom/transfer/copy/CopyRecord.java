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
 * The record beside a published copy, by which an equal request finds that the copy exists: the
 * facts and the fingerprint of the request. Written as the attributes {@code fingerprint}, {@code
 * digest-<algorithm>}, {@code format}, {@code virtual-size}, and those of {@link DeliveredRecord}.
 *
 * @param fingerprint of the request, see {@link #fingerprint}
 * @param facts of the bytes
 */
public record CopyRecord(String fingerprint, Facts facts) {

  private static final String FINGERPRINT = "fingerprint";
  private static final String DIGEST = "digest-";
  private static final String FORMAT = "format";
  private static final String VIRTUAL_SIZE = "virtual-size";

  /**
   * The fingerprint of a request: of its source's description, checksum, declared format,
   * attributes and terms of delivery, but not of its targets. Lower-case hex of a SHA-256. The
   * default terms of delivery are left out.
   */
  public static String fingerprint(TransferRequest request) {
    if (request.source() instanceof CopySource source) {
      // A copy has the fingerprint of its original, whatever store it is read from.
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

  /** Reads the record of a copy; empty when there is no complete one. */
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

  /** The attributes of the request, and those that {@link #of} reads. */
  Map<String, String> attributes(TransferRequest request) {
    Map<String, String> attributes = new TreeMap<>(request.attributes());
    attributes.put(FINGERPRINT, fingerprint);
    attributes.put(FORMAT, facts.format().apiName());
    facts.virtualSize().ifPresent(bytes -> attributes.put(VIRTUAL_SIZE, Long.toString(bytes)));
    facts.digests().forEach((algorithm, hex) -> attributes.put(DIGEST + algorithm.apiName(), hex));
    DeliveredRecord.write(facts, attributes);
    return attributes;
  }

  /** Parses a virtual size; empty when it can't be parsed, an empty number when there is none. */
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

  /** Adds a part with its length before it, so that different lists have different digests. */
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
