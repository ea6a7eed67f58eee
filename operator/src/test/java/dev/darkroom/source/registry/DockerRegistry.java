package dev.darkroom.source.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Debian's docker-registry in a directory of its own, and what a client pushes to it. */
final class DockerRegistry implements AutoCloseable {

  private static final Path PROGRAM = Path.of("/usr/bin/docker-registry");

  private final HttpClient http = HttpClient.newHttpClient();
  private final int port;
  private final Process process;
  private final String authorization;

  private DockerRegistry(int port, Process process, String authorization) {
    this.port = port;
    this.process = process;
    this.authorization = authorization;
  }

  /**
   * Starts one.
   *
   * @param auth the section of its configuration that says who may do what; may be empty
   * @param authorization of the one who pushes; may be empty
   */
  static DockerRegistry start(Path directory, String auth, String authorization) throws Exception {
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
        http: {addr: '127.0.0.1:%d'}
        %s
        """
            .formatted(directory.resolve("data"), port, auth));
    Process process =
        new ProcessBuilder(PROGRAM.toString(), "serve", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    DockerRegistry registry = new DockerRegistry(port, process, authorization);
    await()
        .atMost(Duration.ofSeconds(30))
        .ignoreException(IOException.class)
        .until(() -> registry.send("GET", registry.url("/v2/"), "", new byte[0]).statusCode() > 0);
    return registry;
  }

  /** Host and port. */
  String authority() {
    return "127.0.0.1:" + port;
  }

  /** The bytes of a layer, and what the manifest says of them. */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
  record Layer(String mediaType, byte[] bytes, String annotations) {

    static Layer of(String mediaType, byte[] bytes) {
      return new Layer(mediaType, bytes, "");
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
  String push(String repository, String tag, Layer... layers) throws Exception {
    byte[] config = "{}".getBytes(UTF_8);
    pushBlob(repository, config);
    for (Layer layer : layers) {
      pushBlob(repository, layer.bytes());
    }
    String manifest =
        """
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
        "config":{"mediaType":"application/vnd.oci.image.config.v1+json","size":2,"digest":"%s"},
        "layers":[%s]}"""
            .formatted(
                digest(config),
                List.of(layers).stream().map(Layer::json).collect(Collectors.joining(",")));
    return pushManifest(
        repository, tag, "application/vnd.oci.image.manifest.v1+json", manifest.getBytes(UTF_8));
  }

  /** Pushes any manifest; returns its digest. */
  String pushManifest(String repository, String tag, String mediaType, byte[] manifest)
      throws Exception {
    HttpResponse<String> put =
        send("PUT", url("/v2/" + repository + "/manifests/" + tag), mediaType, manifest);
    assertThat(put.statusCode()).as(put.body()).isEqualTo(201);
    return digest(manifest);
  }

  static String digest(byte[] bytes) {
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
    return "http://" + authority() + path;
  }

  @Override
  public void close() throws Exception {
    process.destroyForcibly().waitFor();
  }
}
