package dev.darkroom.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.darkroom.s3.S3Access;
import dev.darkroom.s3.S3AccessBuilder;
import dev.darkroom.s3.S3Credentials;
import dev.darkroom.s3.S3Identity;
import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobWrite;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import dev.darkroom.testing.S3Server;
import dev.darkroom.testing.TcpProxy;
import dev.darkroom.testing.TestTls;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Credentials, endpoints and the messages of failures. */
class S3StoreAccessTest {

  private static final BlobKey KEY = BlobKey.of("lab", "ubuntu-3f2a");
  private static final S3Credentials WRONG =
      S3Credentials.of(S3Server.CREDENTIALS.accessKeyId(), "not-the-secret");

  private static S3Server server;

  @BeforeAll
  static void start() throws IOException {
    server = S3Server.inMemory();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @Test
  void aWrongSecretIsReportedWithoutTheSecret() throws IOException {
    StoreException e = probeFails(access().identity(S3Identity.keys(WRONG)).build());

    assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(e)
        .hasMessageContaining("SignatureDoesNotMatch: the secret key does not belong")
        .hasMessageNotContaining("not-the-secret");
  }

  @Test
  void anUnknownAccessKeyIsReported() throws IOException {
    S3Credentials unknown = S3Credentials.of("nobody", "secret");

    StoreException e = probeFails(access().identity(S3Identity.keys(unknown)).build());

    assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(e).hasMessageContaining("access key is unknown");
  }

  @Test
  void anOpenStoreUsesRotatedCredentials() throws IOException {
    AtomicReference<S3Credentials> current = new AtomicReference<>(WRONG);
    try (S3Store store =
        open(access().identity(new S3Identity.Keys(current::get)).build(), S3Server.BUCKET)) {
      assertThat(catchThrowableOfType(StoreException.class, store::probe)).isNotNull();

      current.set(S3Server.CREDENTIALS);

      assertThat(store.probe()).isNotNull();
    }
  }

  @Test
  void refusedKeysAreRenewedBeforeARequestFails() throws IOException {
    AtomicReference<S3Credentials> current = new AtomicReference<>(WRONG);
    AtomicInteger looked = new AtomicInteger();
    S3Identity rotated =
        new S3Identity.Keys(
            current::get,
            refused -> {
              looked.incrementAndGet();
              current.set(S3Server.CREDENTIALS);
              return !refused.equals(S3Server.CREDENTIALS);
            });
    try (S3Store store = open(access().identity(rotated).build(), S3Server.BUCKET)) {
      assertThat(store.probe()).isNotNull();

      assertThat(looked).hasValue(1);
    }
  }

  @Test
  void refusedUnchangedKeysFailTheRequest() throws IOException {
    AtomicInteger looked = new AtomicInteger();
    S3Identity wrong =
        new S3Identity.Keys(
            () -> WRONG,
            refused -> {
              looked.incrementAndGet();
              return false;
            });

    assertThat(probeFails(access().identity(wrong).build()).kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(looked).hasValue(1);
  }

  @Test
  void theProcessesOwnIdentityComesFromTheSdk() throws IOException {
    System.setProperty("aws.accessKeyId", S3Server.CREDENTIALS.accessKeyId());
    System.setProperty("aws.secretAccessKey", S3Server.CREDENTIALS.secretAccessKey());
    try (S3Store store = open(access().identity(new S3Identity.Own()).build(), S3Server.BUCKET)) {
      assertThat(store.probe()).isNotNull();
    } finally {
      System.clearProperty("aws.accessKeyId");
      System.clearProperty("aws.secretAccessKey");
    }
  }

  @Test
  void aMissingBucketIsNamed() throws IOException {
    try (S3Store store = open(access().build(), "nowhere")) {
      StoreException probe = catchThrowableOfType(StoreException.class, store::probe);
      StoreException stat = catchThrowableOfType(StoreException.class, () -> store.stat(KEY));

      assertThat(probe.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(probe).hasMessageContaining("nowhere").hasMessageContaining("does not exist");
      assertThat(stat.kind()).isEqualTo(Kind.UNAVAILABLE);
    }
  }

  @Test
  void anUnreachableServerIsReported() throws IOException {
    S3Server gone = S3Server.inMemory();
    S3Access access = S3Server.access(gone.endpoint()).build();
    gone.close();

    StoreException e = probeFails(access);

    assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(e).hasMessageContaining("can't connect");
  }

  @Test
  void onlyTheAuthoritiesOfTheBundleAreTrusted(@TempDir Path directory) throws Exception {
    SSLContext tls = TestTls.create(directory);
    try (S3Server secure = S3Server.withTls(tls)) {
      S3Access usual = S3Server.access(secure.endpoint()).build();
      S3Access own =
          S3AccessBuilder.builder(usual)
              .caBundle(Optional.of(certificate(tls, secure.endpoint())))
              .build();

      StoreException e = probeFails(usual);
      assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(e).hasMessageContaining("TLS");
      try (S3Store store = open(own, S3Server.BUCKET)) {
        assertThat(store.probe()).isNotNull();
      }
    }
  }

  @Test
  void anInvalidBundleIsReportedAtOpen() {
    StoreException e =
        catchThrowableOfType(
            StoreException.class,
            () -> open(access().caBundle(Optional.of("nonsense")).build(), S3Server.BUCKET));

    assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(e).hasMessageContaining("the CA bundle");
  }

  @Test
  void theServerIsAskedToEncrypt() throws IOException {
    String said =
        saidBy(
            config -> config.encryption(new S3Encryption.Kms(Optional.of("alias/images"))).build());

    assertThat(said)
        .containsIgnoringCase("x-amz-server-side-encryption: aws:kms")
        .containsIgnoringCase("x-amz-server-side-encryption-aws-kms-key-id: alias/images");
    assertThat(saidBy(config -> config.encryption(new S3Encryption.ServerKeys()).build()))
        .containsIgnoringCase("x-amz-server-side-encryption: AES256");
    assertThat(saidBy(S3StoreConfigBuilder::build)).doesNotContainIgnoringCase("encryption");
  }

  @Test
  void temporaryCredentialsAreSentWithTheirSession() throws IOException {
    S3Credentials session = new S3Credentials("temporary", "secret", Optional.of("the-session"));

    String said =
        saidBy(
            config -> {
              S3AccessBuilder access = S3AccessBuilder.builder(config.access());
              return config.access(access.identity(S3Identity.keys(session)).build()).build();
            });

    assertThat(said).containsIgnoringCase("x-amz-security-token: the-session");
  }

  /** The headers of a write. */
  private static String saidBy(Function<S3StoreConfigBuilder, S3StoreConfig> change)
      throws IOException {
    try (TcpProxy network = TcpProxy.before(server.endpoint());
        S3Store store = S3Store.open(change.apply(S3Server.config(network.endpoint())))) {
      Throwable unused =
          catchThrowable(
              () -> {
                try (BlobWrite write =
                    store.open(BlobKey.of("said", UUID.randomUUID().toString()))) {
                  write.commit(Map.of());
                }
              });
      return network.said();
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyChecksumSettingWorks(S3StoreConfig.Checksums checksums) throws IOException {
    for (S3Access.SdkChecksums sdk : S3Access.SdkChecksums.values()) {
      for (S3Access.BodyEncoding encoding : S3Access.BodyEncoding.values()) {
        S3Access access = access().checksums(sdk).bodyEncoding(encoding).build();
        S3StoreConfig config = server.config().access(access).checksums(checksums).build();
        BlobKey key = BlobKey.of(sdk.name(), encoding.name(), checksums.name());
        try (S3Store store = S3Store.open(config);
            BlobWrite write = store.open(key)) {
          write.append(ByteBuffer.allocate(6 << 20));
          assertThat(write.commit(Map.of()).size()).isEqualTo(6 << 20);
        }
      }
    }
  }

  private static S3AccessBuilder access() {
    return S3Server.access(server.endpoint());
  }

  private static S3Store open(S3Access access, String bucket) throws StoreException {
    return S3Store.open(server.config().access(access).bucket(bucket).build());
  }

  private static StoreException probeFails(S3Access access) throws IOException {
    try (S3Store store = open(access, S3Server.BUCKET)) {
      return catchThrowableOfType(StoreException.class, store::probe);
    }
  }

  /** Returns the server's certificate in PEM format. */
  private static String certificate(SSLContext trust, URI server) throws IOException {
    try (SSLSocket socket =
        (SSLSocket) trust.getSocketFactory().createSocket(server.getHost(), server.getPort())) {
      byte[] certificate = socket.getSession().getPeerCertificates()[0].getEncoded();
      return "-----BEGIN CERTIFICATE-----\n"
          + Base64.getMimeEncoder().encodeToString(certificate)
          + "\n-----END CERTIFICATE-----\n";
    } catch (CertificateEncodingException e) {
      throw new IOException(e);
    }
  }
}
