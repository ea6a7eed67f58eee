package dev.darkroom.e2e.dev;

import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.e2e.dev.sample.Qemu;
import dev.darkroom.e2e.dev.sample.SampleDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The quickstart, as in the README. */
class QuickstartTest {

  @TempDir static Path scratch;
  private static DevProcess.Result result;

  @BeforeAll
  static void run() throws Exception {
    result = DevProcess.run(scratch, "--once");
  }

  @Test
  void exitsWithTheImageReady() {
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains("Applied samples/quickstart/:", "  image.darkroom.dev/hello")
        .contains("  hello: ready, 48.4 MiB")
        .anyMatch(line -> line.matches("  Ready +True +Available +Verified bytes are in .*"))
        .anyMatch(line -> line.startsWith("All objects are Ready."));
  }

  @Test
  void printsTheTableOfKubectl() {
    assertThat(result.out())
        .containsSubsequence("$ kubectl get images")
        .anyMatch(line -> line.matches("NAME +FORMAT +SIZE +VIRTUAL +STORES .* AGE"))
        .anyMatch(line -> line.matches("hello +qcow2 +48MiB +64MiB +1/1 +Private +True +Done .*s"));
  }

  @Test
  void outputToAFileHasNoControlCharacters() {
    assertThat(result.text()).doesNotContainPattern("[\\p{Cntrl}&&[^\n]]");
  }

  @Test
  void storesTheServedBytes() throws IOException {
    Path stored = stored();

    assertThat(Files.mismatch(stored, scratch.resolve("work/web/" + SampleDisk.FILE_NAME)))
        .isEqualTo(-1);
    assertThat(result.out()).contains("  " + scratch.relativize(stored));
  }

  @Test
  void storedDiskBoots() throws IOException {
    Qemu.awaitOnSerialPort(SampleDisk.LINE, stored(), scratch);
  }

  @Test
  void operatorLogIsInAFile() throws IOException {
    assertThat(result.text()).doesNotContain("INFO", "WARN");
    assertThat(scratch.resolve("work/darkroom.log"))
        .content()
        .contains("The operator is running", "The operator has stopped");
  }

  @Test
  void samplesAreInTheWorkingDirectory() throws IOException {
    List<String> files;
    Path samples = scratch.resolve("work/samples");
    try (Stream<Path> found = Files.walk(samples)) {
      files =
          found
              .filter(Files::isRegularFile)
              .map(file -> samples.relativize(file).toString())
              .toList();
    }
    assertThat(files).containsExactlyInAnyOrderElementsOf(Samples.FILES);
  }

  private static Path stored() throws IOException {
    try (Stream<Path> found = Files.walk(scratch.resolve("work/store"))) {
      List<Path> disks = found.filter(file -> file.endsWith("disk")).toList();
      assertThat(disks).hasSize(1);
      return disks.get(0);
    }
  }
}
