package dev.darkroom.e2e.dev.sample;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** QEMU's programs, where they are installed; tests that need them are skipped where not. */
public final class Qemu {

  private Qemu() {}

  /** Runs {@code qemu-img} and gives what it printed; its exit code must be 0. */
  public static String img(String... arguments) throws IOException, InterruptedException {
    require("qemu-img");
    Process process =
        new ProcessBuilder(concat("qemu-img", List.of(arguments)))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(String.join(" ", arguments) + ": " + output);
    }
    return output;
  }

  /**
   * Starts a PC from the disk, which is not written to, and waits for a line on its serial port.
   *
   * @throws org.awaitility.core.ConditionTimeoutException when the line does not come
   */
  public static void awaitOnSerialPort(String line, Path disk, Path scratch) throws IOException {
    require("qemu-system-x86_64");
    Path serial = scratch.resolve("serial.txt");
    Path complaints = scratch.resolve("qemu.txt");
    Process pc =
        new ProcessBuilder(
                "qemu-system-x86_64",
                "-accel",
                "tcg",
                "-display",
                "none",
                "-nodefaults",
                "-m",
                "32",
                "-serial",
                "file:" + serial,
                "-snapshot",
                "-drive",
                "format=qcow2,file=" + disk)
            .redirectErrorStream(true)
            .redirectOutput(complaints.toFile())
            .start();
    try {
      Awaitility.await(line)
          .atMost(Duration.ofMinutes(2))
          .failFast("QEMU ended, see " + complaints, () -> !pc.isAlive())
          .until(() -> Files.exists(serial), there -> there);
      Awaitility.await(line)
          .atMost(Duration.ofMinutes(2))
          .failFast("QEMU ended, see " + complaints, () -> !pc.isAlive())
          .until(() -> Files.readString(serial), said -> said.contains(line));
    } finally {
      pc.destroy();
    }
  }

  private static List<String> concat(String first, List<String> rest) {
    return Stream.concat(Stream.of(first), rest.stream()).toList();
  }

  private static void require(String program) {
    boolean there;
    try {
      Process process =
          new ProcessBuilder(program, "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      there = process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      there = false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      there = false;
    }
    assumeTrue(there, program + " is not installed");
  }
}
