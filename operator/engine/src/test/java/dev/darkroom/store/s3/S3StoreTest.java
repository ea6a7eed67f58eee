package dev.darkroom.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.darkroom.s3.S3Credentials;
import dev.darkroom.s3.S3Identity;
import dev.darkroom.store.Blob;
import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobWrite;
import dev.darkroom.testing.S3Server;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The S3 store beyond the contract. */
class S3StoreTest {

  private static final BlobKey KEY = BlobKey.of("lab", "ubuntu-3f2a");
  private static final BlobKey COPY = BlobKey.of("prod", "ubuntu-3f2a");
  private static final byte[] CONTENT = new byte[12 << 20];

  static {
    new Random(5).nextBytes(CONTENT);
  }

  private S3Server server;

  @BeforeEach
  void start() throws IOException {
    server = S3Server.inMemory();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void aListReadsAllPages() throws IOException {
    for (int i = 0; i < 2_050; i++) {
      server.put("images/foreign-" + i, "not ours");
    }
    try (S3Store store = S3Store.open(server.config().prefix("images").build())) {
      publish(store, BlobKey.of("zz"), new byte[0]);

      try (Stream<Blob> blobs = store.list("")) {
        assertThat(blobs).extracting(blob -> blob.key().value()).containsExactly("zz");
      }
      assertThat(store.sweep()).isZero();
    }
    assertThat(server.objects()).hasSize(2_052);
  }

  @Test
  void objectsOutsideThePrefixAreIgnored() throws IOException {
    try (S3Store inside = S3Store.open(server.config().prefix("images").instance(one()).build());
        S3Store beside = S3Store.open(server.config().prefix("images-2").instance(one()).build())) {
      publish(beside, KEY, new byte[1]);
      BlobWrite left = beside.open(KEY2);
      left.append(ByteBuffer.allocate(11 << 20));
      left.suspend();

      assertThat(inside.sweep()).isZero();
      try (Stream<Blob> blobs = inside.list("")) {
        assertThat(blobs).isEmpty();
      }
      assertThat(beside.sweep()).isOne();
    }
  }

  private static final BlobKey KEY2 = BlobKey.of("lab", "debian-11aa");

  private static Optional<String> one() {
    return Optional.of("operator-0");
  }

  @Test
  void aSweepSparesAnotherInstancesWriteUntilItIsAbandoned() throws IOException {
    BlobWrite left;
    try (S3Store other =
        S3Store.open(server.config().instance(Optional.of("operator-1")).build())) {
      left = other.open(KEY);
      left.append(ByteBuffer.wrap(CONTENT));
      left.suspend();
    }

    try (S3Store store = S3Store.open(server.config().instance(one()).build())) {
      assertThat(store.sweep()).isZero();
    }
    S3StoreConfig impatient = server.config().instance(one()).abandonedAfter(Duration.ZERO).build();
    try (S3Store store = S3Store.open(impatient)) {
      // The server's clock has a resolution of seconds.
      await().untilAsserted(() -> assertThat(store.sweep()).isOne());
    }
  }

  @Test
  void aLargeBlobIsCopiedOnTheServerInPieces() throws IOException {
    S3StoreConfig config =
        server.config().prefix("eu").copyPartBytes(S3StoreConfig.MIN_PART_BYTES).build();
    try (S3Store from = S3Store.open(server.config().prefix("us").build());
        S3Store to = S3Store.open(config)) {
      Blob blob = publish(from, KEY, CONTENT);

      try (BlobWrite write = to.copy(COPY, from, blob).orElseThrow()) {
        assertThat(write.position()).isEqualTo(CONTENT.length);
        write.commit(Map.of());
      }

      assertThat(read(to, COPY)).isEqualTo(CONTENT);
      assertThat(to.sweep()).isZero();
    }
  }

  @Test
  void aCopyOfAnotherAccountReturnsEmpty() throws IOException {
    S3Credentials other = S3Credentials.of("another", "secret");
    S3StoreConfig theirs =
        server
            .config()
            .access(S3Server.access(server.endpoint()).identity(S3Identity.keys(other)).build())
            .build();
    try (S3Store store = S3Store.open(server.config().build());
        S3Store from = S3Store.open(theirs)) {
      Blob blob = publish(store, KEY, new byte[1]);

      assertThat(store.copy(COPY, from, blob)).isEmpty();
    }
  }

  @Test
  void aUrlIsValidForSevenDaysAtMost() throws IOException {
    try (S3Store store = S3Store.open(server.config().build())) {
      publish(store, KEY, new byte[1]);

      assertThat(store.presign(KEY, Duration.ofDays(7))).isPresent();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> store.presign(KEY, Duration.ofDays(7).plusSeconds(1)));
      assertThatIllegalArgumentException().isThrownBy(() -> store.presign(KEY, Duration.ZERO));
    }
  }

  @Test
  void aWriteOfAKilledProcessIsResumed() throws Exception {
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                S3EndlessWriter.class.getName(),
                server.endpoint().toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String token;
    try (BufferedReader lines = writer.inputReader(StandardCharsets.UTF_8)) {
      token = lines.readLine();
    } finally {
      writer.destroyForcibly().waitFor();
    }

    try (S3Store store = S3Store.open(server.config().instance(one()).build())) {
      assertThat(store.sweep(Set.of(token))).isZero();
      try (BlobWrite write = store.resume(KEY, token).orElseThrow()) {
        assertThat(write.position())
            .isGreaterThanOrEqualTo(S3StoreConfig.MIN_PART_BYTES)
            .isEqualTo(write.checkpoint());
        write.suspend();
      }
      assertThat(store.sweep()).isOne();
      assertThat(store.resume(KEY, token)).isEmpty();
    }
  }

  @Test
  void aCommitStoppedBeforeItsRecordResumesWithAllBytes() throws IOException {
    try (S3Store store = S3Store.open(server.config().build())) {
      BlobWrite write = store.open(KEY);
      String token = write.token().orElseThrow();
      write.append(ByteBuffer.wrap(CONTENT));
      write.commit(Map.of());
      server.remove(KEY + "/" + Layout.RECORD);

      try (BlobWrite again = store.resume(KEY, token).orElseThrow()) {
        assertThat(again.position()).isEqualTo(CONTENT.length);
        again.commit(Map.of());
      }

      assertThat(read(store, KEY)).isEqualTo(CONTENT);
    }
  }

  @Test
  @Timeout(60)
  void anEndlessListFails() throws IOException {
    HttpServer swift =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    swift.createContext(
        "/",
        exchange -> {
          String query = Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
          byte[] answer =
              (query.contains("uploads")
                      ? "<ListMultipartUploadsResult><IsTruncated>true</IsTruncated>"
                          + "<NextKeyMarker/><NextUploadIdMarker/></ListMultipartUploadsResult>"
                      : "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    swift.start();
    URI endpoint = URI.create("http://127.0.0.1:" + swift.getAddress().getPort());
    try (S3Store store = S3Store.open(S3Server.config(endpoint).build())) {
      assertThat(store.sweep()).isZero();
    } finally {
      swift.stop(0);
    }
  }

  @Test
  void partsGrowForLargeBlobs() {
    PartPlan usual = new PartPlan(16 << 20, 10_000);
    PartPlan few = new PartPlan(16 << 20, 1_000);

    assertThat(usual.bytesOf(1)).isEqualTo(usual.bytesOf(5_000)).isEqualTo(16 << 20);
    assertThat(usual.bytesOf(5_001)).isEqualTo(32 << 20);
    assertThat(usual.bytesOf(10_000)).isEqualTo(512 << 20);
    assertThat(capacity(usual)).isGreaterThan(1L << 40);
    assertThat(capacity(few)).isGreaterThan(100L << 30);
    assertThat(new PartPlan(1 << 30, 10_000).bytesOf(10_000)).isEqualTo(1 << 30);
  }

  private static long capacity(PartPlan plan) {
    long sum = 0;
    for (int part = 1; part <= plan.maxParts(); part++) {
      sum += plan.bytesOf(part);
    }
    return sum;
  }

  private static Blob publish(S3Store store, BlobKey key, byte[] content) throws IOException {
    try (BlobWrite write = store.open(key)) {
      write.append(ByteBuffer.wrap(content));
      return write.commit(Map.of());
    }
  }

  private static byte[] read(S3Store store, BlobKey key) throws IOException {
    try (InputStream stream = Channels.newInputStream(store.read(key, 0, Long.MAX_VALUE))) {
      return stream.readAllBytes();
    }
  }
}
