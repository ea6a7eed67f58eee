package dev.darkroom.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.darkroom.convert.ConvertException.Kind;
import dev.darkroom.format.DiskFormat;
import dev.darkroom.format.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shell scripts that misbehave in the place of qemu-img. */
class LimitedProcessTest {

  private static final ConvertLimits LIMITS =
      new ConvertLimits(Duration.ofSeconds(1), 512L << 20, 1L << 30, Duration.ofMinutes(1));

  @TempDir private Path directory;

  private Path image;
  private Path destination;

  @BeforeEach
  void makeImage() throws Exception {
    image = directory.resolve("image");
    destination = directory.resolve("converted");
    Files.write(image, new byte[512]);
  }

  @Test
  void absentProgramIsNamedInTheFailure() {
    assertThat(failure("/nowhere/qemu-img", LIMITS).kind()).isEqualTo(Kind.ABSENT);
  }

  @Test
  void argumentsNameBothFormatsAndFilesThatAreNoProtocols() throws Exception {
    String script = script("echo \"$@\" > " + directory.resolve("arguments") + "; exit 1");

    failure(script, LIMITS);

    assertThat(directory.resolve("arguments"))
        .hasContent(
            "convert -p -O qcow2 -o compat=1.1 json:{\"driver\":\"raw\",\"backing\":null,"
                + "\"file\":{\"driver\":\"file\",\"filename\":\"%s\"}} file:%s"
                    .formatted(image, destination));
  }

  @Test
  void environmentIsCleanAndStandardInputIsEmpty() throws Exception {
    Path seen = directory.resolve("seen");

    failure(script("env > %s; cat >> %s; exit 1".formatted(seen, seen)), LIMITS);

    assertThat(Files.readAllLines(seen))
        .extracting(line -> line.split("=")[0])
        // The last four are set by some shells.
        .isSubsetOf("PATH", "LC_ALL", "PWD", "OLDPWD", "SHLVL", "_")
        .contains("LC_ALL");
  }

  @Test
  void lastLineOfOutputIsTheReason() throws Exception {
    ConvertException thrown =
        failure(
            script(
                "echo 'qemu-img: first'; echo 'qemu-img: error at /etc/x: it \033[31mbroke.' >&2;"
                    + " exit 1"),
            LIMITS);

    assertThat(thrown.kind()).isEqualTo(Kind.FAILED);
    assertThat(thrown)
        .hasMessage("qemu-img could not convert the image: error at the file: it ?[31mbroke.");
  }

  @Test
  void longOutputIsCutShort() throws Exception {
    ConvertException thrown =
        failure(script("yes x | head -c 30000000 | tr -d '\\n'; exit 7"), LIMITS);

    assertThat(thrown.getMessage()).hasSizeLessThan(500).contains("xxx");
  }

  @Test
  void fullStagingDirectoryIsNotAFaultOfTheImage() throws Exception {
    assertThat(failure(script("echo 'error: No space left on device' >&2; exit 1"), LIMITS).kind())
        .isEqualTo(Kind.FULL);
  }

  @Test
  void processorTimeIsLimited() throws Exception {
    ConvertException thrown = failure(script("while :; do :; done"), LIMITS);

    assertThat(thrown.kind()).isEqualTo(Kind.LIMIT);
    assertThat(thrown).hasMessageContaining("1 s of processor time");
  }

  @Test
  void outputIsLimitedAndRemovedWhenTooLarge() throws Exception {
    ConvertException thrown =
        failure(script("exec dd if=/dev/zero of=" + destination + " bs=1M count=100"), LIMITS);

    assertThat(thrown.kind()).isEqualTo(Kind.TOO_LARGE);
    assertThat(destination).doesNotExist();
  }

  @Test
  void timeIsLimitedForTheProgramAndItsDescendants() throws Exception {
    Path pids = directory.resolve("pids");
    ConvertLimits brief =
        new ConvertLimits(Duration.ofSeconds(1), 512L << 20, 1L << 30, Duration.ofSeconds(2));

    ConvertException thrown = failure(script(sleeperWithChild(pids)), brief);

    assertThat(thrown.kind()).isEqualTo(Kind.LIMIT);
    assertThat(thrown).hasMessageContaining("longer than the 2 s");
    assertThatAllHaveEnded(pids);
  }

  @Test
  void interruptKillsTheProgramAndItsDescendants() throws Exception {
    Path pids = directory.resolve("pids");
    String script = script(sleeperWithChild(pids));
    CompletableFuture<Throwable> outcome = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                convert(script, LIMITS);
                outcome.complete(null);
              } catch (Exception e) {
                outcome.complete(e);
              }
            });
    thread.start();
    await().until(() -> Files.exists(pids) && Files.readAllLines(pids).size() == 2);

    thread.interrupt();

    assertThat(outcome.get()).isInstanceOf(InterruptedException.class);
    assertThatAllHaveEnded(pids);
    assertThat(destination).doesNotExist();
  }

  /** A dead parent closes the pipe; here the test closes it. */
  @Test
  void programDiesWithTheProcessThatStartedIt() throws Exception {
    Path pids = directory.resolve("pids");
    Process shell =
        new ProcessBuilder(
                "/bin/sh",
                "-c",
                LimitedProcess.SCRIPT,
                "sh",
                "10",
                "1000000",
                "1000000",
                script("echo $$ >> " + pids + "; exec sleep 1000"))
            .start();
    await().until(() -> Files.exists(pids) && Files.readAllLines(pids).size() == 1);

    shell.getOutputStream().close();

    assertThatAllHaveEnded(pids);
    assertThat(shell.waitFor()).isEqualTo(137);
  }

  @Test
  void relativePathIsRefused() {
    assertThatThrownBy(
            () ->
                new InspectedImage(
                    Path.of("nbd:host"),
                    new Verdict.Accepted(DiskFormat.RAW, OptionalLong.empty(), List.of())))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String sleeperWithChild(Path pids) {
    return "sleep 1000 & echo $! >> %s; echo $$ >> %s; wait".formatted(pids, pids);
  }

  private static void assertThatAllHaveEnded(Path pids) throws Exception {
    for (String pid : Files.readAllLines(pids)) {
      await()
          .until(
              () ->
                  ProcessHandle.of(Long.parseLong(pid))
                      .map(ProcessHandle::isAlive)
                      .filter(Boolean::booleanValue)
                      .isEmpty());
    }
  }

  private ConvertException failure(String program, ConvertLimits limits) {
    ConvertException thrown =
        catchThrowableOfType(ConvertException.class, () -> convert(program, limits));
    assertThat(Optional.ofNullable(thrown)).isPresent();
    return thrown;
  }

  private void convert(String program, ConvertLimits limits) throws Exception {
    QemuImg.at(Path.of(program), Sandbox.none())
        .convert(
            new InspectedImage(
                image, new Verdict.Accepted(DiskFormat.RAW, OptionalLong.of(512), List.of())),
            TargetFormat.QCOW2,
            destination,
            limits,
            done -> {});
  }

  private String script(String body) throws Exception {
    Path script = directory.resolve("program");
    Files.writeString(script, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return script.toString();
  }
}
