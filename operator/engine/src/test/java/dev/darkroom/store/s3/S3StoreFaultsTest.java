package dev.darkroom.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.darkroom.store.Blob;
import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobWrite;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import dev.darkroom.store.s3.FaultyBackend.Operation;
import dev.darkroom.testing.S3Server;
import dev.darkroom.testing.TcpProxy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Failing servers and networks. */
class S3StoreFaultsTest {

  private static final BlobKey KEY = BlobKey.of("lab", "ubuntu-3f2a");

  /** Two whole parts and a rest. */
  private static final byte[] CONTENT = new byte[12 << 20];

  static {
    new Random(3).nextBytes(CONTENT);
  }

  private final AtomicReference<FaultyBackend> backend = new AtomicReference<>();
  private S3Server server;
  private TcpProxy network;
  private S3Store store;

  @BeforeEach
  void start() throws IOException {
    server =
        S3Server.behind(
            memory -> {
              backend.set(new FaultyBackend(memory));
              return backend.get();
            });
    network = TcpProxy.before(server.endpoint());
    store = S3Store.open(S3Server.config(network.endpoint()).build());
  }

  @AfterEach
  void stop() throws IOException {
    store.close();
    network.close();
    server.close();
  }

  @Test
  void failedPartsAreSentAgain() throws IOException {
    AtomicInteger failures = new AtomicInteger(2);
    backend
        .get()
        .before(
            (operation, object) -> {
              if (operation == Operation.PART && failures.getAndDecrement() > 0) {
                throw FaultyBackend.answer(500, "InternalError");
              }
            });

    publish();

    assertThat(failures.get()).isNegative();
    assertThat(content()).isEqualTo(CONTENT);
    assertThat(store.sweep()).isZero();
  }

  @Test
  void partsOfResetConnectionsAreSentAgain() throws IOException {
    BlobWrite write = store.open(KEY);
    network.cutUploads(1 << 20, 3);

    write.append(ByteBuffer.wrap(CONTENT));
    write.commit(Map.of());

    assertThat(content()).isEqualTo(CONTENT);
    assertThat(store.sweep()).isZero();
  }

  @Test
  void aPermanentFailureBreaksTheWriteAndLeavesNothing() throws IOException {
    backend
        .get()
        .before(
            (operation, object) -> {
              if (operation == Operation.PART) {
                throw FaultyBackend.answer(503, "SlowDown");
              }
            });
    BlobWrite write = store.open(KEY);

    assertFails(
        Kind.UNAVAILABLE,
        () -> {
          write.append(ByteBuffer.wrap(CONTENT));
          write.commit(Map.of());
        });

    write.abort();
    backend.get().before((operation, object) -> {});
    assertThat(store.stat(KEY)).isEmpty();
    assertThat(store.sweep()).isZero();
  }

  @Test
  void aCommitWithAStoredButUnconfirmedRecordSucceeds() throws IOException {
    AtomicInteger lost = new AtomicInteger(1);
    backend
        .get()
        .after(
            (operation, object) -> {
              if (operation == Operation.PUT
                  && object.endsWith("/" + Layout.RECORD)
                  && lost.getAndDecrement() > 0) {
                throw FaultyBackend.answer(500, "InternalError");
              }
            });

    Blob blob = publish();

    assertThat(lost.get()).isLessThan(1);
    assertThat(store.stat(KEY)).contains(blob);
    assertThat(content()).isEqualTo(CONTENT);
    assertThat(store.sweep()).isZero();
  }

  @Test
  void anUnconfirmedCompletionSucceeds() throws IOException {
    AtomicInteger lost = new AtomicInteger(1);
    backend
        .get()
        .after(
            (operation, object) -> {
              if (operation == Operation.COMPLETE && lost.getAndDecrement() > 0) {
                throw FaultyBackend.answer(500, "InternalError");
              }
            });

    publish();

    assertThat(lost.get()).isLessThan(1);
    assertThat(content()).isEqualTo(CONTENT);
    assertThat(store.sweep()).isZero();
  }

  @Test
  void aReadContinuesAfterABrokenConnection() throws IOException {
    publish();
    network.cutDownloads(3 << 20, 2);

    assertThat(content()).isEqualTo(CONTENT);
  }

  @Test
  void aReadWithoutProgressFails() throws IOException {
    publish();
    network.cutDownloads(128 << 10, Integer.MAX_VALUE);

    assertFails(Kind.UNAVAILABLE, this::content);
  }

  @Test
  void bytesThatDoNotMatchTheRecordAreCorrupt() throws IOException {
    publish();
    try (S3Store other = S3Store.open(server.config().prefix("other").build())) {
      assertThat(other.stat(KEY)).isEmpty();
    }
    String data =
        server.objects().stream().filter(name -> name.contains("/disk-")).findFirst().orElseThrow();

    server.put(data, "something else");

    assertFails(Kind.CORRUPT, () -> store.stat(KEY));
    assertFails(Kind.CORRUPT, () -> store.read(KEY, 0, 1));
    assertThat(store.delete(KEY)).isTrue();
    assertThat(server.objects()).isEmpty();
  }

  private Blob publish() throws IOException {
    try (BlobWrite write = store.open(KEY)) {
      write.append(ByteBuffer.wrap(CONTENT));
      return write.commit(Map.of());
    }
  }

  private byte[] content() throws IOException {
    try (InputStream stream = Channels.newInputStream(store.read(KEY, 0, Long.MAX_VALUE))) {
      return stream.readAllBytes();
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void assertFails(Kind kind, Work work) {
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(work::run)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(kind));
  }
}
