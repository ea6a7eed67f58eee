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

/** A disk on a good server, in ranges. Its second half is not given out until it is released. */
final class PartedDisk implements Script {

  private final byte[] bytes;
  private final FaultyServerFile file;
  private final AtomicBoolean released = new AtomicBoolean();
  private final AtomicLong served = new AtomicLong();

  PartedDisk(int mebibytes) {
    bytes = new byte[mebibytes << 20];
    new Random(mebibytes).nextBytes(bytes);
    file = new FaultyServerFile(bytes, "\"v1\"");
  }

  /** Gives out everything from now on, and counts anew. */
  void release() {
    served.set(0);
    released.set(true);
  }

  long size() {
    return bytes.length;
  }

  /** How many bytes were asked for and given. */
  long served() {
    return served.get();
  }

  /** Whether a file has exactly these bytes. */
  boolean isIn(Path path) throws IOException {
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
