package dev.darkroom.source.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.darkroom.s3.S3Access;
import dev.darkroom.s3.S3AccessBuilder;
import dev.darkroom.s3.S3Credentials;
import dev.darkroom.s3.S3Identity;
import dev.darkroom.source.ByteRange;
import dev.darkroom.source.Source;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import dev.darkroom.source.policy.AddressPolicy;
import dev.darkroom.testing.S3Server;
import dev.darkroom.testing.TcpProxy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class S3SourceTest {

  private static final AddressPolicy LOOPBACK = AddressPolicy.defaults().withLoopbackAllowed();
  private static final String CONTENT = "0123456789";

  private static S3Server server;
  private TcpProxy network;

  @BeforeAll
  static void startServer() throws IOException {
    server = S3Server.inMemory();
  }

  @AfterAll
  static void stopServer() throws IOException {
    server.close();
  }

  @BeforeEach
  void start() throws IOException {
    server.put("disk.img", CONTENT);
    network = TcpProxy.before(server.endpoint());
  }

  @AfterEach
  void stop() throws IOException {
    network.close();
  }

  @Test
  void theWholeObjectIsReadAndDescribed() throws Exception {
    try (SourceBody body = source("disk.img").open()) {
      assertThat(body.head().length()).hasValue(10);
      assertThat(body.head().acceptsRanges()).isTrue();
      assertThat(body.head().validator().orElseThrow()).matches("\"[0-9a-f]+\"");
      assertThat(body.head().location()).startsWith("s3://images/disk.img at 127.0.0.1:");
      assertThat(text(body)).isEqualTo(CONTENT);
    }
  }

  @Test
  void aRangeIsReadOfTheSameVersion() throws Exception {
    Optional<String> version = version();

    try (SourceBody body = source("disk.img").open(new ByteRange(3, 4), version)) {
      assertThat(body.head().length()).hasValue(10);
      assertThat(body.head().acceptsRanges()).isTrue();
      assertThat(text(body)).isEqualTo("3456");
    }
    try (SourceBody body = source("disk.img").open(new ByteRange(8, 100), version)) {
      assertThat(text(body)).isEqualTo("89");
    }
    try (SourceBody body =
        source("disk.img").open(new ByteRange(5, Long.MAX_VALUE - 5), Optional.empty())) {
      assertThat(text(body)).isEqualTo("56789");
    }
  }

  @Test
  void anotherVersionFails() throws Exception {
    Optional<String> version = version();
    server.put("disk.img", "abcdefghij");

    assertFails(Kind.CHANGED, () -> source("disk.img").open(new ByteRange(3, 4), version));
  }

  @Test
  void aRangePastTheEndIsRefused() {
    assertFails(
        Kind.RANGE_REFUSED, () -> source("disk.img").open(new ByteRange(10, 1), Optional.empty()));
  }

  @Test
  void aRangeOfAnEmptyObjectIsEmpty() throws Exception {
    server.put("empty", "");

    try (SourceBody whole = source("empty").open();
        SourceBody part = source("empty").open(new ByteRange(0, 100), Optional.empty())) {
      assertThat(whole.head().length()).hasValue(0);
      assertThat(text(whole)).isEmpty();
      assertThat(part.head().length()).hasValue(0);
      assertThat(text(part)).isEmpty();
    }
  }

  @Test
  void aMissingObjectIsNotFound() {
    assertFails(Kind.NOT_FOUND, () -> source("nothing").open());
    S3ObjectName elsewhere = new S3ObjectName("nowhere", "disk.img", Optional.empty());
    assertFails(Kind.NOT_FOUND, () -> new S3Source(elsewhere, access().build(), LOOPBACK).open());
  }

  @Test
  void deniedAccessIsReportedWithoutTheSecret() {
    S3Credentials wrong = S3Credentials.of(S3Server.CREDENTIALS.accessKeyId(), "not-the-secret");
    Source source = source(access().identity(S3Identity.keys(wrong)).build(), LOOPBACK);
    Source anonymous = source(access().identity(new S3Identity.Anonymous()).build(), LOOPBACK);

    assertThat(assertFails(Kind.FORBIDDEN, source::open)).hasMessageNotContaining("not-the-secret");
    assertFails(Kind.FORBIDDEN, anonymous::open);
  }

  @Test
  void noSourceIsReadWithTheProcessesOwnIdentity() {
    S3Access own = access().identity(new S3Identity.Own()).build();

    assertThatIllegalArgumentException().isThrownBy(() -> source(own, LOOPBACK));
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433"})
  void aRefusedAddressIsNotConnectedTo(String host) throws IOException {
    try (ServerSocket forbidden = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      URI endpoint = URI.create("http://" + host + ":" + forbidden.getLocalPort());
      S3Access access = S3Server.access(endpoint).build();

      assertFails(Kind.BLOCKED, source(access, AddressPolicy.defaults())::open);

      forbidden.setSoTimeout(100);
      assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(forbidden::accept);
    }
  }

  @Test
  void aRefusedPortIsNotConnectedTo() {
    AddressPolicy policy = LOOPBACK.withPorts(List.of("443"));

    assertFails(Kind.BLOCKED, source(access().build(), policy)::open);
    assertThat(network.connections()).isZero();
  }

  @Test
  void aBodyThatEndsEarlyIsTruncated() throws Exception {
    server.put("big", "x".repeat(1 << 20));
    network.cutDownloads(256 << 10, 1);

    try (SourceBody body = source("big").open()) {
      assertFails(Kind.TRUNCATED, () -> text(body));
    }
  }

  @Test
  void closingEndsABlockedRead() throws Exception {
    server.put("big", "x".repeat(1 << 20));
    network.stallDownloads(256 << 10);
    try (SourceBody body = source("big").open()) {
      AtomicReference<Thread> reader = new AtomicReference<>();
      CompletableFuture<SourceException> end =
          CompletableFuture.supplyAsync(
              () -> {
                reader.set(Thread.currentThread());
                return assertFails(Kind.UNAVAILABLE, () -> text(body));
              });
      await().until(() -> reader.get() != null && isReading(reader.get()));

      body.close();

      assertThat(end.get()).hasMessageContaining("closed");
    }
  }

  private static boolean isReading(Thread thread) {
    return List.of(thread.getStackTrace()).stream()
        .anyMatch(frame -> frame.getClassName().startsWith("sun.nio.ch.NioSocketImpl"));
  }

  @Test
  void anInterruptEndsTheWaitForAnAnswer() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      S3Access access =
          S3Server.access(URI.create("http://127.0.0.1:" + silent.getLocalPort()))
              .requestTimeout(Duration.ofMinutes(5))
              .build();
      Source source = source(access, LOOPBACK);
      CompletableFuture<Exception> end = new CompletableFuture<>();
      Thread asker =
          new Thread(
              () -> {
                try (SourceBody body = source.open()) {
                  end.completeExceptionally(new AssertionError(body.head().toString()));
                } catch (IOException | InterruptedException e) {
                  end.complete(e);
                }
              });
      asker.start();
      try (Socket connected = silent.accept()) {
        asker.interrupt();

        assertThat(end.get()).isInstanceOf(InterruptedException.class);
        // The connection is closed too.
        while (connected.getInputStream().read() >= 0) {
          // The request.
        }
      } catch (SocketException e) {
        // A reset connection counts as closed.
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "evil.com/", "arn:aws:s3:::images", "a@b", "-images", "im ages"})
  void anInvalidBucketNameIsRefused(String bucket) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new S3ObjectName(bucket, "disk.img", Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://s3.example.org",
        "http://user@s3.example.org",
        "http://s3.example.org/path",
        "http://s3.example.org?query",
        "http:///path",
        "s3.example.org"
      })
  void anInvalidEndpointIsRefused(String endpoint) {
    assertThatIllegalArgumentException().isThrownBy(() -> S3Access.at(URI.create(endpoint)));
  }

  private Optional<String> version() throws Exception {
    try (SourceBody body = source("disk.img").open()) {
      return body.head().validator();
    }
  }

  private S3AccessBuilder access() {
    return S3Server.access(network.endpoint());
  }

  private Source source(String key) {
    S3ObjectName object = new S3ObjectName(S3Server.BUCKET, key, Optional.empty());
    return new S3Source(object, access().build(), LOOPBACK);
  }

  private static Source source(S3Access access, AddressPolicy policy) {
    S3ObjectName object = new S3ObjectName(S3Server.BUCKET, "disk.img", Optional.empty());
    return new S3Source(object, access, policy);
  }

  private static String text(SourceBody body) throws SourceException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(100_000);
    while (body.read(buffer.clear()) >= 0) {
      all.write(buffer.array(), 0, buffer.position());
    }
    return all.toString(UTF_8);
  }

  private static SourceException assertFails(Kind kind, Callable<?> work) {
    AtomicReference<SourceException> found = new AtomicReference<>();
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(work::call)
        .satisfies(e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind))
        .satisfies(found::set);
    return found.get();
  }
}
