package dev.darkroom.e2e.scenario.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The lists and watches in an API server's audit log ({@code audit.k8s.io/v1}, one JSON object a
 * line).
 */
public final class AuditedReads {

  private static final ObjectMapper JSON = new ObjectMapper();

  private AuditedReads() {}

  /** The lists and watches of a user as {@code VERB RESOURCE}, in their order. */
  public static List<String> of(Path auditLog, String user) throws IOException {
    List<String> reads = new ArrayList<>();
    try (Stream<String> lines = Files.lines(auditLog)) {
      for (String line : lines.filter(text -> text.endsWith("}")).toList()) {
        JsonNode event = JSON.readTree(line);
        if (event.at("/user/username").asText().equals(user) && isCounted(event)) {
          reads.add(event.path("verb").asText() + " " + event.at("/objectRef/resource").asText());
        }
      }
    }
    return reads;
  }

  /** A watch has an event when it starts and one when it ends. */
  private static boolean isCounted(JsonNode event) {
    String stage = event.path("stage").asText();
    return switch (event.path("verb").asText()) {
      case "list" -> stage.equals("ResponseComplete");
      case "watch" -> stage.equals("ResponseStarted");
      default -> false;
    };
  }
}
