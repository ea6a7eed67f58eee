package dev.darkroom.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HealthServerTest {

  private final AtomicBoolean ready = new AtomicBoolean(true);
  private final HttpClient client = HttpClient.newHttpClient();
  private HealthServer server;

  @BeforeEach
  void start() throws Exception {
    server = HealthServer.start(0, ready::get, () -> "figures 1\n");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aReadyProcessReturns200() throws Exception {
    HttpResponse<String> answer = send("GET", "/readyz");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("ok\n");
    assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain");
  }

  @Test
  void aProcessThatIsNotReadyIsAliveAndEachRequestChecksAgain() throws Exception {
    ready.set(false);
    HttpResponse<String> answer = send("GET", "/readyz");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).isEqualTo("not ready\n");
    assertThat(send("GET", "/livez").statusCode()).isEqualTo(200);

    ready.set(true);
    assertThat(send("GET", "/readyz").statusCode()).isEqualTo(200);
  }

  @Test
  void metricsAreCollectedAtEachRequest() throws Exception {
    HttpResponse<String> answer = send("GET", "/metrics");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("figures 1\n");
    assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/plain;")
        .contains("version=0.0.4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/healthz", "/livez/", "/livez/more", "/metrics/more"})
  void otherPathsAreNotFound(String path) throws Exception {
    assertThat(send("GET", path).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/livez", "/readyz"})
  void aHeadRequestHasNoBody(String path) throws Exception {
    HttpResponse<String> answer = send("HEAD", path);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"POST, /livez", "PUT, /readyz", "DELETE, /readyz", "BREW, /livez"})
  void otherMethodsAreNotAllowed(String method, String path) throws Exception {
    HttpResponse<String> answer = send(method, path);

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).contains("GET, HEAD");
  }

  @Test
  void aPortThatIsTakenIsNamed() {
    assertThatThrownBy(() -> HealthServer.start(server.port(), ready::get, () -> "figures 1\n"))
        .isInstanceOf(CommandException.class)
        .hasMessage(
            "The health port " + server.port() + " can't be opened: Address already in use.");
  }

  @Test
  void aPortIsFreeAgainAfterClosing() throws Exception {
    int port = server.port();
    server.close();

    server = HealthServer.start(port, ready::get, () -> "figures 1\n");

    assertThat(server.port()).isEqualTo(port);
  }

  private HttpResponse<String> send(String method, String path)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .method(method, BodyPublishers.noBody())
            .build(),
        BodyHandlers.ofString());
  }
}
