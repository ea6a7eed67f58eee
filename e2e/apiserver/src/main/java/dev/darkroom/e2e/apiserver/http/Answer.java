package dev.darkroom.e2e.apiserver.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.e2e.apiserver.model.ApiException;
import dev.darkroom.e2e.apiserver.model.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * A complete answer to a request, not a stream.
 *
 * @param code HTTP status code
 * @param mediaType media type of the body
 * @param body text of the body
 * @param warnings texts of Warning headers
 */
record Answer(int code, String mediaType, String body, List<String> warnings) {

  static Answer of(int code, ObjectNode body) {
    return of(code, body, List.of());
  }

  static Answer of(int code, ObjectNode body, List<String> warnings) {
    return new Answer(code, "application/json", Json.write(body), warnings);
  }

  static Answer of(ApiException refusal) {
    return of(refusal.code(), refusal.status());
  }

  static Answer text(int code, String text) {
    return new Answer(code, "text/plain", text, List.of());
  }

  void send(Response response, Callback callback) {
    response.setStatus(code);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, mediaType);
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache, private");
    for (String warning : warnings) {
      response
          .getHeaders()
          .add("Warning", "299 - \"" + warning.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
    }
    response.write(true, StandardCharsets.UTF_8.encode(body), callback);
  }
}
