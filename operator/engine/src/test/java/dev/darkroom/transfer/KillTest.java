package dev.darkroom.transfer;

import static dev.darkroom.transfer.Requests.KEY;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.darkroom.convert.QemuImg;
import dev.darkroom.format.DiskFormat;
import dev.darkroom.store.Blob;
import dev.darkroom.store.filesystem.FilesystemStore;
import dev.darkroom.testing.FaultyServer;
import dev.darkroom.testing.FaultyServerFile;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Progress;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Transfers of processes that are killed with SIGKILL, and their resumption. */
@Timeout(120)
class KillTest {

  private static final byte[] BYTES = Requests.bytes(60 * ImportProcess.PART + 4711);

  /** The position at which the server stalls. */
  private static final int WALL = BYTES.length / 10 * 9;

  @TempDir private Path directory;
  private final FaultyServerFile file = new FaultyServerFile(BYTES, "\"v1\"");
  private final AtomicLong served = new AtomicLong();
  private final CountDownLatch atTheWall = new CountDownLatch(1);
  private volatile boolean wall;
  private String convertTo = "-";
  private FaultyServer server;

  @BeforeEach
  void start() throws IOException {
    Files.createDirectory(directory.resolve("store"));
    Files.createDirectory(directory.resolve("staging"));
    server = FaultyServer.start();
    server.on(
        "/disk",
        exchange -> {
          FaultyServerFile.Asked asked =
              file.asked(exchange).orElse(new FaultyServerFile.Asked(0, BYTES.length));
          if (wall && asked.end() > WALL) {
            atTheWall.countDown();
            exchange.stall();
          } else {
            served.addAndGet(asked.length());
            file.play(exchange);
          }
        });
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @ParameterizedTest
  @EnumSource
  void resumesAfterAKillAtEveryStage(Progress.Stage stage) throws Exception {
    if (stage == Progress.Stage.STAGING || stage == Progress.Stage.CONVERTING) {
      assumeTrue(QemuImg.find().isPresent(), "qemu-img is not installed");
      convertTo = DiskFormat.QCOW2.apiName();
    }
    if (stage == Progress.Stage.RESUMING) {
      // Something to resume.
      killAt(Progress.Stage.VALIDATING);
    }
    killAt(stage);
    assertThat(published()).isFalse();
    served.set(0);

    assertThat(end(run("-"))).endsWith(Outcome.Stored.class.toString());

    assertStored();
    if (stage == Progress.Stage.RESUMING
        || stage == Progress.Stage.VALIDATING
        || stage == Progress.Stage.PUBLISHING) {
      assertThat(served).hasValue(0);
    }
  }

  @Test
  void refetchesAtMostOnePartPerConnectionAfterAKillAtNineTenths() throws Exception {
    wall = true;
    Process process = run("-");
    assertThat(atTheWall.await(60, TimeUnit.SECONDS)).isTrue();
    awaitJournal(WALL - ImportProcess.PART);
    process.destroyForcibly().waitFor();
    long before = served.getAndSet(0);
    wall = false;

    assertThat(end(run("-"))).endsWith(Outcome.Stored.class.toString());

    assertStored();
    assertThat(before + served.get() - BYTES.length)
        .isLessThanOrEqualTo((long) ImportProcess.CONNECTIONS * ImportProcess.PART);
  }

  private void killAt(Progress.Stage stage) throws IOException, InterruptedException {
    Process process = run(stage.name());
    BufferedReader out = process.inputReader();
    for (String line = out.readLine(); !stage.name().equals(line); line = out.readLine()) {
      assertThat(line).as("output before stage %s", stage).isNotNull();
    }
    process.destroyForcibly().waitFor();
  }

  private Process run(String stay) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            ImportProcess.class.getName(),
            server.url("/disk"),
            directory.resolve("store").toString(),
            directory.resolve("staging").toString(),
            stay,
            convertTo)
        .redirectError(directory.resolve("err.txt").toFile())
        .start();
  }

  private static List<String> lines(Process process) throws InterruptedException {
    List<String> lines = process.inputReader().lines().toList();
    process.waitFor();
    return lines;
  }

  private static String end(Process process) throws InterruptedException {
    return String.join("\n", lines(process));
  }

  /** Waits until the journal has so many bytes. */
  private void awaitJournal(long bytes) {
    await()
        .until(
            () -> {
              try (Stream<Path> files =
                  Files.list(directory.resolve("staging").resolve("journals"))) {
                Path journal = files.findFirst().orElseThrow();
                return Files.readAllLines(journal).size() * (long) ImportProcess.CHUNK >= bytes;
              }
            });
  }

  private boolean published() throws IOException {
    try (FilesystemStore store = FilesystemStore.open(directory.resolve("store"))) {
      return store.stat(KEY).isPresent();
    }
  }

  private void assertStored() throws IOException {
    try (FilesystemStore store = FilesystemStore.open(directory.resolve("store"))) {
      Blob blob = store.stat(KEY).orElseThrow();
      byte[] stored = Channels.newInputStream(store.read(KEY, 0, blob.size())).readAllBytes();
      if (convertTo.equals("-")) {
        assertThat(stored).isEqualTo(BYTES);
      } else {
        assertThat(stored).startsWith("QFI\u00fb".getBytes(ISO_8859_1));
        assertThat(directory.resolve("staging/converting")).isEmptyDirectory();
      }
      assertThat(store.sweep()).isZero();
    }
    try (Stream<Path> files = Files.list(directory.resolve("staging").resolve("journals"))) {
      assertThat(files).isEmpty();
    }
  }
}
