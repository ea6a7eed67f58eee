package dev.darkroom.e2e.bench;

import dev.darkroom.transfer.model.Checksum;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A raw disk, the same in every run.
 *
 * @param path the file
 * @param bytes the size
 * @param checksums the known checksums
 */
public record DataFile(Path path, long bytes, Map<Checksum.Algorithm, Checksum> checksums) {

  private static final int MIB = 1 << 20;
  private static final long SEED = 0x6461726b726f6f6dL;

  private static final List<Checksum.Algorithm> ALGORITHMS =
      List.of(Checksum.Algorithm.MD5, Checksum.Algorithm.SHA256, Checksum.Algorithm.SHA512);

  public DataFile {
    checksums = Map.copyOf(checksums);
  }

  /**
   * Writes incompressible bytes to a file and to the disk, and computes the checksums. The file is
   * likely in the page cache afterwards.
   */
  static DataFile generate(Path directory, int mib) throws IOException {
    Path path = directory.resolve(mib + "-mib.raw");
    SplittableRandom random = new SplittableRandom(SEED);
    Map<Checksum.Algorithm, MessageDigest> digests = new EnumMap<>(Checksum.Algorithm.class);
    ALGORITHMS.forEach(each -> digests.put(each, JdkDigest.algorithm(each)));
    byte[] piece = new byte[MIB];
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int i = 0; i < mib; i++) {
        random.nextBytes(piece);
        digests.values().forEach(digest -> digest.update(piece));
        ByteBuffer left = ByteBuffer.wrap(piece);
        while (left.hasRemaining()) {
          file.write(left);
        }
      }
      // Written to the disk now, otherwise the write-back would disturb the measurements.
      file.force(true);
    }
    Map<Checksum.Algorithm, Checksum> checksums = new EnumMap<>(Checksum.Algorithm.class);
    digests.forEach(
        (algorithm, digest) ->
            checksums.put(
                algorithm, new Checksum(algorithm, HexFormat.of().formatHex(digest.digest()))));
    return new DataFile(path, (long) mib * MIB, checksums);
  }

  /** A sparse file of zeros, without disk space and without known checksums. */
  static DataFile sparse(Path directory, int mib) throws IOException {
    Path path = directory.resolve(mib + "-mib-of-zeros.raw");
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[1]), (long) mib * MIB - 1);
    }
    return new DataFile(path, (long) mib * MIB, Map.of());
  }

  /** The checksum by this algorithm; must be known. */
  Checksum checksum(Checksum.Algorithm algorithm) {
    return Optional.ofNullable(checksums.get(algorithm)).orElseThrow();
  }

  /** The SHA-256 checksum. */
  Checksum sha256() {
    return checksum(Checksum.Algorithm.SHA256);
  }

  public String name() {
    return path.getFileName().toString();
  }
}
