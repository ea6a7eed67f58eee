package dev.darkroom.e2e.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.darkroom.e2e.apiserver.model.ApiException;
import dev.darkroom.e2e.apiserver.model.Json;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Plain HTTP calls to the API server of a kubeconfig, embedded or real, with the credentials of the
 * kubeconfig.
 */
final class Calls implements AutoCloseable {
  static final String JSON = "application/json";
  static final String MERGE = "application/merge-patch+json";
  static final String JSON_PATCH = "application/json-patch+json";
  static final String STRATEGIC = "application/strategic-merge-patch+json";
  static final String APPLY = "application/apply-patch+yaml";

  private final KubernetesClient client;

  Calls(String kubeconfig) {
    client = client(kubeconfig);
  }

  record Reply(int code, JsonNode body, List<String> warnings) {
    String message() {
      return body.path("message").asText();
    }
  }

  /** A client that reports a failure at once, without retries. */
  static KubernetesClient client(String kubeconfig) {
    Config config =
        new ConfigBuilder(Config.fromKubeconfig(kubeconfig))
            .withRequestRetryBackoffLimit(0)
            .withRequestTimeout(20_000)
            .withUserAgent("calls/1")
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  Reply get(String path) {
    return send("GET", path, JSON, "");
  }

  Reply post(String path, String body) {
    return send("POST", path, JSON, body);
  }

  Reply put(String path, String body) {
    return send("PUT", path, JSON, body);
  }

  Reply merge(String path, String body) {
    return send("PATCH", path, MERGE, body);
  }

  Reply apply(String path, String body) {
    return send("PATCH", path, APPLY, body);
  }

  Reply delete(String path) {
    return send("DELETE", path, JSON, "");
  }

  Reply send(String method, String path, String mediaType, String body) {
    return send(method, path, mediaType, body, JSON);
  }

  Reply send(String method, String path, String mediaType, String body, String accept) {
    HttpRequest.Builder request =
        client
            .getHttpClient()
            .newHttpRequestBuilder()
            .uri(client.getMasterUrl() + path.substring(1))
            .setHeader("Accept", accept);
    if (method.equals("GET")) {
      request.method("GET", null, null);
    } else {
      request.method(method, mediaType, body);
    }
    try {
      HttpResponse<byte[]> response =
          client.getHttpClient().sendAsync(request.build(), byte[].class).get(30, TimeUnit.SECONDS);
      return new Reply(response.code(), parse(response.body()), response.headers("Warning"));
    } catch (Exception e) {
      throw new AssertionError(method + " " + path, e);
    }
  }

  @Override
  public void close() {
    client.close();
  }

  private static JsonNode parse(byte[] body) {
    try {
      return Json.parse(body);
    } catch (ApiException e) {
      return TextNode.valueOf(new String(body, StandardCharsets.UTF_8));
    }
  }
}
