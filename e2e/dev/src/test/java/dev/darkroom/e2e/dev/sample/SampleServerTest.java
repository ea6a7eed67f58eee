package dev.darkroom.e2e.dev.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.BindException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleServerTest {

  @TempDir Path scratch;
  private Path files;
  private SampleServer server;

  @BeforeEach
  void start() throws Exception {
    files = Files.createDirectory(scratch.resolve("offered"));
    Files.writeString(files.resolve("disk"), "0123456789");
    server = SampleServer.start(files, 0);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void offersAFileWithItsLengthAndAValidator() throws Exception {
    HttpResponse<String> response = get(HttpRequest.newBuilder(), "disk");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("0123456789");
    assertThat(response.headers().firstValueAsLong("Content-Length")).hasValue(10);
    assertThat(response.headers().firstValue("Accept-Ranges")).hasValue("bytes");
    assertThat(response.headers().firstValue("ETag")).isPresent();
  }

  @Test
  void servesARange() throws Exception {
    HttpResponse<String> response =
        get(HttpRequest.newBuilder().header("Range", "bytes=4-"), "disk");

    assertThat(response.statusCode()).isEqualTo(206);
    assertThat(response.body()).isEqualTo("456789");
    assertThat(response.headers().firstValue("Content-Range")).hasValue("bytes 4-9/10");
  }

  @Test
  void offersNothingElse() throws Exception {
    Files.writeString(scratch.resolve("secret"), "x");

    assertThat(get(HttpRequest.newBuilder(), "").statusCode()).isEqualTo(403);
    assertThat(get(HttpRequest.newBuilder(), "%2e%2e/secret").statusCode())
        .isGreaterThanOrEqualTo(400);
  }

  @Test
  void saysThatItsPortIsTaken() {
    assertThatThrownBy(() -> SampleServer.start(files, server.address().getPort()))
        .isInstanceOf(BindException.class);
  }

  private HttpResponse<String> get(HttpRequest.Builder request, String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            request.uri(URI.create(server.address() + path)).build(),
            HttpResponse.BodyHandlers.ofString());
  }
}
