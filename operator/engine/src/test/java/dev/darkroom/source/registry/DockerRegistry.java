package dev.darkroom.source.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.darkroom.testing.TestTls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Debian's docker-registry in its own directory, and a client that pushes to it. */
public final class DockerRegistry implements AutoCloseable {

  /** The file with the certificate. */
  public static final String CERTIFICATE = "cert.pem";

  private static final Path PROGRAM = Path.of("/usr/bin/docker-registry");

  /** The hash of the password "geheim". */
  private static final String HTPASSWD =
      "user:$2y$05$abcdefghijklmnopqrstuuVWu8RjbNovPZWAMRdd7iqaaG0mI53Uu\n";

  private final HttpClient http;
  private final String scheme;
  private final int port;
  private final Process process;
  private final String authorization;

  private DockerRegistry(
      Optional<SSLContext> tls, int port, Process process, String authorization) {
    this.http =
        tls.map(context -> HttpClient.newBuilder().sslContext(context).build())
            .orElseGet(HttpClient::newHttpClient);
    this.scheme = tls.isPresent() ? "https" : "http";
    this.port = port;
    this.process = process;
    this.authorization = authorization;
  }

  /**
   * Starts a registry.
   *
   * @param auth the section of its configuration for authentication; may be empty
   * @param authorization the header of the pushing client; may be empty
   */
  public static DockerRegistry start(Path directory, String auth, String authorization)
      throws Exception {
    return start(directory, auth, authorization, Optional.empty());
  }

  private static DockerRegistry start(
      Path directory, String auth, String authorization, Optional<SSLContext> tls)
      throws Exception {
    assumeTrue(Files.isExecutable(PROGRAM), "docker-registry is not installed");
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path config = directory.resolve("config.yml");
    Files.writeString(
        config,
        """
        version: 0.1
        log: {level: error}
        storage: {filesystem: {rootdirectory: %s}}
        http: {addr: '127.0.0.1:%d'%s}
        %s
        """
            .formatted(
                directory.resolve("data"),
                port,
                tls.isEmpty()
                    ? ""
                    : ", tls: {certificate: %s, key: %s}"
                        .formatted(directory.resolve(CERTIFICATE), directory.resolve("key.pem")),
                auth));
    Process process =
        new ProcessBuilder(PROGRAM.toString(), "serve", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    DockerRegistry registry = new DockerRegistry(tls, port, process, authorization);
    await()
        .atMost(Duration.ofSeconds(30))
        .ignoreException(IOException.class)
        .until(() -> registry.send("GET", registry.url("/v2/"), "", new byte[0]).statusCode() > 0);
    return registry;
  }

  /**
   * Starts a registry that accepts only {@code user} with the password {@code geheim}.
   *
   * @param directory an empty directory
   */
  public static DockerRegistry withPassword(Path directory) throws Exception {
    return withPassword(directory, Optional.empty());
  }

  /** Starts a registry with TLS; its certificate is {@link #CERTIFICATE} in the directory. */
  public static DockerRegistry withPasswordAndTls(Path directory) throws Exception {
    SSLContext tls = TestTls.create(directory);
    TestTls.writePem(directory);
    return withPassword(directory, Optional.of(tls));
  }

  private static DockerRegistry withPassword(Path directory, Optional<SSLContext> tls)
      throws Exception {
    Path file = Files.writeString(directory.resolve("htpasswd"), HTPASSWD);
    return start(
        directory,
        "auth: {htpasswd: {realm: r, path: " + file + "}}",
        "Basic " + Base64.getEncoder().encodeToString("user:geheim".getBytes(UTF_8)),
        tls);
  }

  /** Returns host and port. */
  public String authority() {
    return "127.0.0.1:" + port;
  }

  /** The bytes of a layer and their description in the manifest. */
  @SuppressWarnings("ArrayRecordComponent") // Layers are not compared.
  public record Layer(String mediaType, byte[] bytes, String annotations) {

    /** Makes a layer without annotations. */
    public static Layer of(String mediaType, byte[] bytes) {
      return new Layer(mediaType, bytes, "");
    }

    /** Makes a layer of a container disk, with the disk in the directory disk. */
    public static Layer containerDisk(byte[] disk) throws IOException {
      ByteArrayOutputStream archive = new ByteArrayOutputStream();
      try (TarArchiveOutputStream out = new TarArchiveOutputStream(archive)) {
        out.putArchiveEntry(new TarArchiveEntry("disk/"));
        out.closeArchiveEntry();
        TarArchiveEntry entry = new TarArchiveEntry("disk/disk.img");
        entry.setSize(disk.length);
        out.putArchiveEntry(entry);
        out.write(disk);
        out.closeArchiveEntry();
      }
      return of("application/vnd.oci.image.layer.v1.tar", archive.toByteArray());
    }

    String json() {
      return "{\"mediaType\":\"%s\",\"size\":%d,\"digest\":\"%s\"%s}"
          .formatted(
              mediaType,
              bytes.length,
              digest(bytes),
              annotations.isEmpty() ? "" : ",\"annotations\":{" + annotations + "}");
    }
  }

  /** Pushes an image; returns its digest. */
  public String push(String repository, String tag, Layer... layers) throws Exception {
    byte[] config = "{}".getBytes(UTF_8);
    pushBlob(repository, config);
    for (Layer layer : layers) {
      pushBlob(repository, layer.bytes());
    }
    String manifest =
        """
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
        "config":{"mediaType":"application/vnd.oci.image.config.v1+json","size":2,"digest":"%s"},
        "layers":[%s]}\
        """
            .formatted(
                digest(config),
                List.of(layers).stream().map(Layer::json).collect(Collectors.joining(",")));
    return pushManifest(
        repository, tag, "application/vnd.oci.image.manifest.v1+json", manifest.getBytes(UTF_8));
  }

  /** Pushes any manifest; returns its digest. */
  public String pushManifest(String repository, String tag, String mediaType, byte[] manifest)
      throws Exception {
    HttpResponse<String> put =
        send("PUT", url("/v2/" + repository + "/manifests/" + tag), mediaType, manifest);
    assertThat(put.statusCode()).as(put.body()).isEqualTo(201);
    return digest(manifest);
  }

  public static String digest(byte[] bytes) {
    try {
      return "sha256:"
          + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private void pushBlob(String repository, byte[] bytes) throws Exception {
    HttpResponse<String> begun =
        send("POST", url("/v2/" + repository + "/blobs/uploads/"), "", new byte[0]);
    assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
    String location = begun.headers().firstValue("Location").orElseThrow();
    HttpResponse<String> put =
        send(
            "PUT",
            location + (location.contains("?") ? "&" : "?") + "digest=" + digest(bytes),
            "application/octet-stream",
            bytes);
    assertThat(put.statusCode()).as(put.body()).isEqualTo(201);
  }

  private HttpResponse<String> send(String method, String url, String type, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url)).method(method, BodyPublishers.ofByteArray(body));
    Optional.of(type).filter(t -> !t.isEmpty()).ifPresent(t -> request.header("Content-Type", t));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private String url(String path) {
    return scheme + "://" + authority() + path;
  }

  @Override
  public void close() throws Exception {
    process.destroyForcibly().waitFor();
  }
}
