package dev.darkroom.e2e.dev.sample;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The disk of the quickstart: it starts on any PC with a BIOS, says {@link #LINE} and halts. Behind
 * the boot sector lies a partition of bytes that do not compress, so that there is something to
 * transfer.
 *
 * <p>The same bytes come out every time and on every machine: the checksum in {@code
 * samples/quickstart/image.yaml} is theirs.
 */
public final class SampleDisk {

  /** The line on the screen and on the serial port (115200 8N1) after the start. */
  public static final String LINE = "Darkroom: this disk came out of the store, byte for byte.";

  /** The file name in the manifest's URL. */
  public static final String FILE_NAME = "hello.qcow2";

  /** The virtual size in bytes. */
  public static final long VIRTUAL_SIZE = 64L << 20;

  private static final int MIB = 1 << 20;
  private static final int PAYLOAD_FROM = MIB;
  private static final int PAYLOAD_TO = 49 * MIB;

  private SampleDisk() {}

  /** Writes the qcow2 file, replacing an existing one; takes at most a second. */
  public static void writeTo(Path file) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      Qcow2Writer.write(new Content(), out);
    }
  }

  private static final class Content implements Qcow2Writer.Disk {

    private static final int FIRST = PAYLOAD_FROM / Qcow2Writer.CLUSTER;
    private static final int BEHIND_LAST = PAYLOAD_TO / Qcow2Writer.CLUSTER;

    @Override
    public long size() {
      return VIRTUAL_SIZE;
    }

    @Override
    public boolean hasData(int cluster) {
      return cluster == 0 || (cluster >= FIRST && cluster < BEHIND_LAST);
    }

    @Override
    public void read(int cluster, byte[] into) {
      if (cluster == 0) {
        int firstSector = PAYLOAD_FROM / BootSector.SIZE;
        int sectors = (int) (VIRTUAL_SIZE / BootSector.SIZE) - firstSector;
        byte[] sector = BootSector.saying(LINE, firstSector, sectors);
        System.arraycopy(sector, 0, into, 0, sector.length);
      } else {
        fillWithNoise(cluster, into);
      }
    }

    /** SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014). */
    private static void fillWithNoise(long seed, byte[] into) {
      ByteBuffer buffer = ByteBuffer.wrap(into).order(ByteOrder.LITTLE_ENDIAN);
      long state = seed << 32;
      while (buffer.hasRemaining()) {
        state += 0x9E3779B97F4A7C15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        buffer.putLong(z ^ (z >>> 31));
      }
    }
  }
}
