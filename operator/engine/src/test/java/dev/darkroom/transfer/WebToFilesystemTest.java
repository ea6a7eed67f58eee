package dev.darkroom.transfer;

import static dev.darkroom.transfer.Requests.KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.darkroom.source.SourceException;
import dev.darkroom.source.policy.AddressPolicy;
import dev.darkroom.source.web.WebClient;
import dev.darkroom.source.web.WebLimits;
import dev.darkroom.source.web.WebSource;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.filesystem.FilesystemStore;
import dev.darkroom.testing.FaultyServer;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.TransferRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Transfers from a web server to a directory: real sockets, threads and files. */
@Timeout(60)
class WebToFilesystemTest {

  private static final byte[] BYTES = Requests.bytes(5_000_011);

  @TempDir private Path directory;
  private FaultyServer server;
  private WebClient client;
  private FilesystemStore store;
  private final TransferFixture fixture = new TransferFixture();

  @BeforeEach
  void start() throws IOException {
    server = FaultyServer.start();
    client = new WebClient(WebLimits.defaults(), AddressPolicy.defaults().withLoopbackAllowed());
    store = FilesystemStore.open(directory);
  }

  @AfterEach
  void stop() throws IOException {
    fixture.close();
    store.close();
    client.close();
    server.close();
  }

  @Test
  void importsFromTheServerToTheDisk() throws IOException {
    server.on("/disk", exchange -> exchange.head(200, length(BYTES.length)).body(BYTES));

    Outcome.Stored stored = fixture.stored(request());

    assertThat(stored.facts().sha256())
        .isEqualTo(Requests.digest(Checksum.Algorithm.SHA256, BYTES));
    assertThat(Channels.newInputStream(store.read(KEY, 0, BYTES.length)).readAllBytes())
        .isEqualTo(BYTES);
    assertThat(store.stat(KEY)).contains(stored.copies().get("store-1"));
  }

  @Test
  void adoptsTheCopyOfAnEarlierProcess() throws IOException {
    server.on("/disk", exchange -> exchange.head(200, length(BYTES.length)).body(BYTES));
    Outcome.Stored first = fixture.stored(request());

    try (TransferFixture restarted = new TransferFixture();
        FilesystemStore reopened = FilesystemStore.open(directory)) {
      Outcome.Stored second = restarted.stored(Requests.from(source()).to(reopened).build());

      assertThat(second).isEqualTo(first);
    }
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void fillsASecondDirectoryFromTheFirst(@TempDir Path other) throws IOException {
    server.on("/disk", exchange -> exchange.head(200, length(BYTES.length)).body(BYTES));
    fixture.stored(request());

    try (FilesystemStore second = FilesystemStore.open(other)) {
      fixture.stored(Requests.from(source()).to(store, second).build());

      assertThat(Channels.newInputStream(second.read(KEY, 0, BYTES.length)).readAllBytes())
          .isEqualTo(BYTES);
    }
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void leavesNoFileWhenTheConnectionBreaks() throws IOException {
    server.on(
        "/disk",
        exchange ->
            exchange
                .head(200, length(BYTES.length))
                .body(ByteBuffer.allocate(3_000_000).put(BYTES, 0, 3_000_000).array())
                .reset());

    Failure failure = fixture.failure(request());

    assertThat(failure.reason()).isEqualTo(Reason.SOURCE_TRUNCATED);
    assertLeftNothing();
  }

  @Test
  void leavesNoFileWhenTheChecksumDiffers() throws IOException {
    server.on("/disk", exchange -> exchange.head(200, length(BYTES.length)).body(BYTES));
    Checksum wrong = Requests.digest(Checksum.Algorithm.SHA1, Requests.bytes(1));

    Failure failure = fixture.failure(Requests.from(source()).to(store).checksum(wrong).build());

    assertThat(failure.reason()).isEqualTo(Reason.CHECKSUM_MISMATCH);
    assertLeftNothing();
  }

  @Test
  void cancelsADownloadThatStalls() throws IOException {
    server.on(
        "/disk",
        exchange -> exchange.head(200, length(BYTES.length)).body(Requests.bytes(100_000)).stall());
    String id = fixture.submit(request());
    await().until(() -> fixture.transfers().status(id).orElseThrow().progress().bytes() == 100_000);

    fixture.transfers().cancel(id);

    assertThat(fixture.outcome(id)).isInstanceOf(Outcome.Cancelled.class);
    assertLeftNothing();
  }

  @Test
  void cancelsARequestWithoutAnAnswer() throws IOException {
    server.on("/disk", exchange -> exchange.stall());
    String id = fixture.submit(request());
    await().until(() -> !server.requests().isEmpty());

    fixture.transfers().cancel(id);

    assertThat(fixture.outcome(id)).isInstanceOf(Outcome.Cancelled.class);
    assertLeftNothing();
  }

  @Test
  void publishesNowhereWhenOneStoreCanNotPublish() throws IOException {
    server.on("/disk", exchange -> exchange.head(200, length(BYTES.length)).body(BYTES));
    MemoryStore failing =
        new MemoryStore().failingAt(MemoryStore.Operation.COMMIT, StoreException.Kind.UNAVAILABLE);

    Failure failure = fixture.failure(Requests.from(source()).to(store, failing).build());

    assertThat(failure.reason()).isEqualTo(Reason.STORE_UNAVAILABLE);
    assertLeftNothing();
  }

  private TransferRequest request() throws SourceException {
    return Requests.from(source()).to(store).build();
  }

  private WebSource source() throws SourceException {
    return new WebSource(server.url("/disk"), client);
  }

  private void assertLeftNothing() throws IOException {
    assertThat(store.stat(KEY)).isEmpty();
    try (Stream<Path> files = Files.walk(directory)) {
      assertThat(files.filter(Files::isRegularFile).mapToLong(WebToFilesystemTest::size).sum())
          .isLessThan(1000);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String length(long bytes) {
    return "Content-Length: " + bytes;
  }
}
