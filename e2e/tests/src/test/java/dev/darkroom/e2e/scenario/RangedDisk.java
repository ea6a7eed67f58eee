package dev.darkroom.e2e.scenario;

import dev.darkroom.testing.FaultyExchange;
import dev.darkroom.testing.FaultyServer.Script;
import dev.darkroom.testing.FaultyServerFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A disk on a web server that serves ranges. Requests for the second half stall until {@link
 * #release}.
 */
public final class RangedDisk implements Script {

  private final byte[] bytes;
  private final FaultyServerFile file;
  private final AtomicBoolean released = new AtomicBoolean();
  private final AtomicLong served = new AtomicLong();

  /** A disk of this size in MiB. */
  public RangedDisk(int mebibytes) {
    bytes = new byte[mebibytes << 20];
    new Random(mebibytes).nextBytes(bytes);
    file = new FaultyServerFile(bytes, "\"v1\"");
  }

  /** Serves all bytes from now on, and resets the count of bytes. */
  public void release() {
    served.set(0);
    released.set(true);
  }

  /** The size in bytes. */
  public long size() {
    return bytes.length;
  }

  /** The number of bytes served. */
  public long served() {
    return served.get();
  }

  /** Compares the content of a file with this disk. */
  public boolean isIn(Path path) throws IOException {
    return Arrays.equals(Files.readAllBytes(path), bytes);
  }

  @Override
  public void play(FaultyExchange exchange) throws IOException {
    FaultyServerFile.Asked asked =
        file.asked(exchange).orElse(new FaultyServerFile.Asked(0, bytes.length));
    int half = bytes.length / 2;
    if (released.get() || asked.end() <= half) {
      served.addAndGet(asked.length());
      file.play(exchange);
    } else if (asked.first() < half) {
      served.addAndGet(half - asked.first());
      file.partHead(exchange, asked).body(bytes, asked.first(), half - asked.first()).flush();
      exchange.stall();
    } else {
      exchange.stall();
    }
  }
}
