package dev.darkroom.e2e.bench;

import dev.darkroom.transfer.Checksum;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.SplittableRandom;

/**
 * Bytes that are the same in every run and that nothing can compress: a raw disk.
 *
 * @param path where they lie
 * @param bytes how many there are
 * @param sha256 what an import of them must find
 */
record DataFile(Path path, long bytes, Checksum sha256) {

  private static final int MIB = 1 << 20;
  private static final long SEED = 0x6461726b726f6f6dL;

  /** Makes the file. It is on the disk when this returns, and most likely in the page cache. */
  static DataFile generate(Path directory, int mib) throws IOException {
    Path path = directory.resolve(mib + "-mib.raw");
    SplittableRandom random = new SplittableRandom(SEED);
    MessageDigest digest = JdkDigest.algorithm(Checksum.Algorithm.SHA256);
    byte[] piece = new byte[MIB];
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int i = 0; i < mib; i++) {
        random.nextBytes(piece);
        digest.update(piece);
        ByteBuffer left = ByteBuffer.wrap(piece);
        while (left.hasRemaining()) {
          file.write(left);
        }
      }
      // The disk must not still be busy with it when others are measured.
      file.force(true);
    }
    Checksum sha256 =
        new Checksum(Checksum.Algorithm.SHA256, HexFormat.of().formatHex(digest.digest()));
    return new DataFile(path, (long) mib * MIB, sha256);
  }

  String name() {
    return path.getFileName().toString();
  }
}
