package dev.darkroom.e2e.bench;

import dev.darkroom.e2e.bench.figures.Sample;
import dev.darkroom.transfer.model.Checksum;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.OptionalDouble;

/** Floor: a digest on one thread, without the time to read the file. */
final class JdkDigest implements Measurement {

  private static final int PIECE = 1 << 20;

  private final Checksum.Algorithm algorithm;

  JdkDigest(Checksum.Algorithm algorithm) {
    this.algorithm = algorithm;
  }

  @Override
  public String name() {
    return algorithm.jcaName() + " on one thread (JDK)";
  }

  @Override
  public Sample measure(DataFile data) throws IOException {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    MessageDigest digest = algorithm(algorithm);
    byte[] piece = new byte[PIECE];
    long nanos = 0;
    long cpuNanos = 0;
    try (InputStream file = Files.newInputStream(data.path())) {
      int read = file.readNBytes(piece, 0, PIECE);
      while (read > 0) {
        long cpuStart = threads.getCurrentThreadCpuTime();
        long start = System.nanoTime();
        digest.update(piece, 0, read);
        nanos += System.nanoTime() - start;
        cpuNanos += threads.getCurrentThreadCpuTime() - cpuStart;
        read = file.readNBytes(piece, 0, PIECE);
      }
    }
    return new Sample(
        data.bytes(), nanos / 1e9, OptionalDouble.of(cpuNanos / 1e9), Optional.empty());
  }

  /** The JDK's implementation of the algorithm. */
  static MessageDigest algorithm(Checksum.Algorithm algorithm) {
    try {
      return MessageDigest.getInstance(algorithm.jcaName());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the Java runtime lacks " + algorithm.jcaName(), e);
    }
  }
}
