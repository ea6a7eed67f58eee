package dev.darkroom.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.darkroom.api.ImageStore;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ApiServerTest {

  @TempDir private Path directory;
  private HttpServer server;
  private String url;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
    url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void anApiServerWithTheCrdsIsConnected() throws Exception {
    answers(
        200,
        "{\"apiVersion\":\"darkroom.dev/v1alpha1\",\"kind\":\"ImageStoreList\",\"metadata\":{},"
            + "\"items\":[]}");

    try (KubernetesClient client =
        ApiServerCheck.connect(Optional.of(kubeconfig(url)), ImageStore.class)) {
      assertThat(client.getMasterUrl()).hasToString(url);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "404, ' has no CRD of ImageStore; apply the CRDs first: kubectl apply -f crds/'",
    "401, ' does not accept these credentials.'",
    "403, ' does not allow the request: '"
  })
  void anApiServerThatRefusesIsNamedWithTheRemedy(int code, String sentence) {
    answers(code, "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"code\":" + code + "}");

    assertThatThrownBy(() -> ApiServerCheck.connect(Optional.of(kubeconfig(url)), ImageStore.class))
        .isInstanceOf(CommandException.class)
        .hasMessageStartingWith("The API server " + url + sentence);
  }

  @Test
  void anAddressThatRefusesConnectionsIsNamed() throws IOException {
    server.stop(0);
    String refused = url.replace("http:", "https:");

    assertThatThrownBy(
            () -> ApiServerCheck.connect(Optional.of(kubeconfig(refused)), ImageStore.class))
        .isInstanceOf(CommandException.class)
        .hasMessage("No answer from the API server " + refused + ": the connection was refused.");
  }

  @Test
  void anUnknownHostIsNamed() throws IOException {
    Path unknown = kubeconfig("https://no-such-host.invalid:6443/");

    assertThatThrownBy(() -> ApiServerCheck.connect(Optional.of(unknown), ImageStore.class))
        .isInstanceOf(CommandException.class)
        .hasMessage(
            "No answer from the API server https://no-such-host.invalid:6443/: the host is unknown.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{[nonsense", "just text", "- a\n- list\n"})
  void aMalformedKubeconfigIsNamed(String text) throws IOException {
    Path file = Files.writeString(directory.resolve("config"), text);

    assertThatThrownBy(() -> ApiServerCheck.connect(Optional.of(file), ImageStore.class))
        .isInstanceOf(CommandException.class)
        .hasMessage(file + " can't be read as a kubeconfig.");
  }

  @Test
  void aMissingKubeconfigIsNamed() {
    Path missing = directory.resolve("missing");

    assertThatThrownBy(() -> ApiServerCheck.connect(Optional.of(missing), ImageStore.class))
        .isInstanceOf(CommandException.class)
        .hasMessage(missing + " can't be read as a kubeconfig.");
  }

  private void answers(int code, String json) {
    server.createContext(
        "/",
        exchange -> {
          byte[] body = json.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(code, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  private Path kubeconfig(String of) throws IOException {
    return Files.writeString(directory.resolve("kubeconfig"), Kubeconfigs.of(of));
  }
}
