package dev.darkroom.transfer;

import static dev.darkroom.transfer.Requests.KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.darkroom.source.SourceException;
import dev.darkroom.source.fetch.FetchOptions;
import dev.darkroom.store.filesystem.FilesystemStore;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Progress;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.TransferObserver;
import dev.darkroom.transfer.model.TransferOptions;
import dev.darkroom.transfer.model.TransferRequest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The fixture of transfers that fail, and resume in the same process or in another. */
@Timeout(60)
abstract class ResumeScenario {

  static final String ID = "import";
  static final int PART = TransferFixture.CHUNK_BYTES;
  static final byte[] BYTES = Requests.bytes(40 * PART + 123);
  static final long BREAK = 25 * PART + 7;
  static final FetchOptions ONE_TRY =
      new FetchOptions(
          1, 4 * PART, Long.MAX_VALUE, FetchOptions.NEVER_ENOUGH, 0, 0, Duration.ofSeconds(10));

  @TempDir Path directory;
  final int length;
  final VersionedSource source;
  final List<TransferFixture> open = new ArrayList<>();
  Path staging;
  FilesystemStore store;

  /**
   * Fetches nothing yet.
   *
   * @param delivered the bytes of the source
   */
  ResumeScenario(byte[] delivered) {
    this.length = delivered.length;
    this.source = new VersionedSource(delivered, "v1");
  }

  @BeforeEach
  void start() throws IOException {
    staging = Files.createDirectory(directory.resolve("staging"));
    store = openStore("store");
  }

  @AfterEach
  void stop() {
    open.forEach(TransferFixture::close);
  }

  /** Runs one attempt that fails after most of the bytes. */
  TransferFixture failAfterMostBytes(TransferRequest request) throws IOException {
    source.brokenFrom(BREAK, SourceException.Kind.UNAVAILABLE);
    TransferFixture fixture = open.isEmpty() ? fixture() : open.get(open.size() - 1);
    fixture.transfers().submit(ID, request, Map.of());
    assertThat(TransferFixture.failureOf(fixture.outcome(ID)).reason())
        .isEqualTo(Reason.SOURCE_UNAVAILABLE);
    fixture.transfers().forget(ID);
    source.repaired().takeBytesRead();
    return fixture;
  }

  /** Closes the open fixtures; the next one acts as another process. */
  void restart() {
    stop();
    open.clear();
  }

  Outcome run(TransferRequest request) {
    TransferFixture fixture = open.isEmpty() ? fixture() : open.get(open.size() - 1);
    fixture.transfers().submit(ID, request, Map.of());
    Outcome outcome = fixture.outcome(ID);
    fixture.transfers().forget(ID);
    return outcome;
  }

  Outcome.Stored stored(TransferRequest request) {
    Outcome outcome = run(request);
    assertThat(outcome).isInstanceOf(Outcome.Stored.class);
    return (Outcome.Stored) outcome;
  }

  Requests request() {
    return Requests.from(source).to(store);
  }

  TransferFixture fixture() {
    return closedAtTheEnd(new TransferFixture(options(), TransferObserver.none()));
  }

  /** A fixture that suspends a transfer when it enters the stage. */
  TransferFixture fixture(Progress.Stage at) {
    return fixture(at, Transfers::suspend);
  }

  TransferFixture fixture(Progress.Stage at, Cancellation how) {
    restart();
    TransferFixture[] made = new TransferFixture[1];
    made[0] =
        closedAtTheEnd(
            new TransferFixture(
                options(),
                TransferObserver.ofStages(
                    (id, stage) -> {
                      if (stage == at) {
                        how.cancel(made[0].transfers(), id);
                        await().until(() -> made[0].transfers().isCancelled(id));
                      }
                    })));
    return made[0];
  }

  @FunctionalInterface
  interface Cancellation {
    boolean cancel(Transfers transfers, String id);
  }

  TransferFixture closedAtTheEnd(TransferFixture fixture) {
    open.add(fixture);
    return fixture;
  }

  TransferOptions options() {
    return TransferFixture.small().fetch(ONE_TRY).staging(Optional.of(staging)).build();
  }

  FilesystemStore openStore(String name) throws IOException {
    return FilesystemStore.open(Files.createDirectories(directory.resolve(name)));
  }

  Path partial(String name) throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve(name).resolve(".partial"))) {
      return files.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
  }

  Path journal() throws IOException {
    try (Stream<Path> files = Files.list(staging.resolve("journals"))) {
      return files.findFirst().orElseThrow();
    }
  }

  static void flip(Path file, long position) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(position);
      int before = bytes.read();
      bytes.seek(position);
      bytes.write(before ^ 1);
    }
  }

  static void assertStored(FilesystemStore where) throws IOException {
    assertThat(Channels.newInputStream(where.read(KEY, 0, BYTES.length)).readAllBytes())
        .isEqualTo(BYTES);
  }

  void assertNothingLeft() throws IOException {
    for (Path root : List.of(directory.resolve("store").resolve(".partial"), staging)) {
      if (Files.exists(root)) {
        try (Stream<Path> files = Files.walk(root)) {
          assertThat(files.filter(Files::isRegularFile))
              .filteredOn(file -> !file.getFileName().toString().equals("lock"))
              .isEmpty();
        }
      }
    }
  }
}
