package dev.darkroom.transfer;

import dev.darkroom.format.DiskFormat;
import dev.darkroom.source.Source;
import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobStore;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Facts;
import dev.darkroom.transfer.model.Target;
import dev.darkroom.transfer.model.TransferRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;

/** Builds requests, and bytes to transfer. */
public final class Requests {

  public static final BlobKey KEY = BlobKey.of("tenant", "image-1", "content");

  private final Source source;
  private final List<Target> targets = new ArrayList<>();
  private Optional<Checksum> checksum = Optional.empty();
  private OptionalInt minCopies = OptionalInt.empty();
  private String tenant = "";
  private Optional<Facts> expected = Optional.empty();
  private Optional<DiskFormat> format = Optional.of(DiskFormat.RAW);

  private Requests(Source source) {
    this.source = source;
  }

  public static Requests from(Source source) {
    return new Requests(source);
  }

  public Requests to(BlobStore... stores) {
    for (BlobStore store : stores) {
      targets.add(new Target("store-" + (targets.size() + 1), store, KEY));
    }
    return this;
  }

  Requests checksum(Checksum wanted) {
    checksum = Optional.of(wanted);
    return this;
  }

  /** Sets the number of needed copies. */
  Requests needing(int copies) {
    minCopies = OptionalInt.of(copies);
    return this;
  }

  Requests ofTenant(String name) {
    tenant = name;
    return this;
  }

  Requests expecting(Facts facts) {
    expected = Optional.of(facts);
    return this;
  }

  public Requests declared(Optional<DiskFormat> declared) {
    format = declared;
    return this;
  }

  public TransferRequest build() {
    return TransferRequest.of(source, targets)
        .checksum(checksum)
        .declaredFormat(format)
        .attributes(Map.of("image-uid", "1234"))
        .minCopies(minCopies.orElse(targets.size()))
        .tenant(tenant)
        .expected(expected)
        .build();
  }

  /** Bytes that no inspector knows; always the same of one size. */
  public static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  /** A qcow2 (docs/interop/qcow2.txt of QEMU, version 2 header) that names a backing file. */
  public static byte[] qcow2WithBackingFile(int size) {
    byte[] bytes = new byte[size];
    ByteBuffer header = ByteBuffer.wrap(bytes);
    header.putInt(0x514649fb).putInt(2).putLong(72).putInt(11).putInt(16).putLong(1 << 20);
    header.putInt(0).putInt(1).putLong(3 << 16).putLong(1 << 16).putInt(1).putInt(0).putLong(0);
    header.put("/etc/passwd".getBytes(StandardCharsets.US_ASCII));
    return bytes;
  }

  public static Checksum digest(Checksum.Algorithm algorithm, byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance(algorithm.jcaName()).digest(bytes);
      return new Checksum(algorithm, HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
