package dev.darkroom.e2e.scenario;

import dev.darkroom.testing.FaultyExchange;
import dev.darkroom.testing.FaultyServer.Script;
import dev.darkroom.testing.FaultyServerFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
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
    Optional<FaultyServerFile.Asked> asked = file.asked(exchange);
    if (!released.get()
        && asked.map(FaultyServerFile.Asked::end).orElse(bytes.length) > bytes.length / 2) {
      exchange.stall();
      return;
    }
    served.addAndGet(asked.map(FaultyServerFile.Asked::length).orElse(bytes.length));
    file.play(exchange);
  }
}
