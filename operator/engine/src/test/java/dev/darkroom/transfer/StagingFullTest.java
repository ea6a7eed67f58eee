package dev.darkroom.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A staging volume that is full: a real file system, in memory. */
@Timeout(120)
class StagingFullTest {

  @TempDir private Path staging;

  @Test
  void importsGoOnWithoutStagingAndAConversionFailsWithStoreFull() throws Exception {
    assumeThat(run(on("1m", List.of("true"))))
        .as("needs unshare, and a kernel that permits users to mount a tmpfs")
        .isEqualTo("ended with 0\n");

    String said =
        run(
            on(
                "1m",
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    StagingFullProcess.class.getName(),
                    staging.toString())));

    assertThat(said)
        .contains("a Stored[")
        .contains("b Stored[")
        .contains("convert StoreFull: ")
        .endsWith("ended with 0\n");
  }

  /** Wraps the command: it gets a file system of that size at the directory. */
  private List<String> on(String size, List<String> command) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "unshare",
                "--map-root-user",
                "--mount",
                "sh",
                "-c",
                "mount -t tmpfs -o size=" + size + " none \"$0\" && exec \"$@\"",
                staging.toString()));
    all.addAll(command);
    return all;
  }

  private static String run(List<String> command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return said + "ended with " + process.waitFor() + "\n";
    } catch (IOException e) {
      return e.toString();
    }
  }
}
