package dev.darkroom.e2e.scenario.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Rights as {@code verb group/resource}: those that roles give, and those that somebody made use
 * of, as an API server's audit log has it ({@code audit.k8s.io/v1}, one JSON object a line).
 */
public final class Rights {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int UNPROCESSABLE = 422;

  private Rights() {}

  /** Those that the roles of a file give, each as often as it does. */
  public static List<String> given(Path roles) throws IOException {
    List<String> rights = new ArrayList<>();
    for (String document : Files.readString(roles).split("(?m)^---$")) {
      HasMetadata role = Serialization.unmarshal(document, HasMetadata.class);
      List<PolicyRule> rules =
          role instanceof ClusterRole wide ? wide.getRules() : ((Role) role).getRules();
      rules.forEach(rule -> rights.addAll(of(rule)));
    }
    return rights;
  }

  /** Those that somebody had and made use of. */
  public static Set<String> used(Path auditLog, String user) throws IOException {
    Set<String> rights = new TreeSet<>();
    for (JsonNode event : events(auditLog, user)) {
      if (!decision(event).equals("allow")) {
        continue;
      }
      rights.add(right(event.path("verb").asText(), event));
      // What is applied and was not there is created, and that asks for both.
      if (event.path("verb").asText().equals("patch")
          && event.at("/responseStatus/code").asInt() == HttpURLConnection.HTTP_CREATED) {
        rights.add(right("create", event));
      }
    }
    return rights;
  }

  /** What somebody was refused, by their rights or by a policy, one line each. */
  public static List<String> refused(Path auditLog, String user) throws IOException {
    return events(auditLog, user).stream()
        .filter(
            event ->
                event.at("/responseStatus/code").asInt() == HttpURLConnection.HTTP_FORBIDDEN
                    || event.at("/responseStatus/code").asInt() == UNPROCESSABLE)
        .map(
            event ->
                right(event.path("verb").asText(), event)
                    + ": "
                    + event.at("/responseStatus/message").asText())
        .toList();
  }

  private static List<JsonNode> events(Path auditLog, String user) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    try (Stream<String> lines = Files.lines(auditLog)) {
      for (String line : lines.filter(text -> text.endsWith("}")).toList()) {
        JsonNode event = JSON.readTree(line);
        if (event.at("/user/username").asText().equals(user)
            && !event.at("/objectRef/resource").asText().isEmpty()) {
          events.add(event);
        }
      }
    }
    return events;
  }

  private static String decision(JsonNode event) {
    return event.path("annotations").path("authorization.k8s.io/decision").asText();
  }

  private static String right(String verb, JsonNode event) {
    JsonNode about = event.path("objectRef");
    String subresource = about.path("subresource").asText();
    return verb
        + " "
        + about.path("apiGroup").asText()
        + "/"
        + about.path("resource").asText()
        + (subresource.isEmpty() ? "" : "/" + subresource);
  }

  private static List<String> of(PolicyRule rule) {
    List<String> rights = new ArrayList<>();
    for (String group : rule.getApiGroups()) {
      for (String resource : rule.getResources()) {
        rule.getVerbs().forEach(verb -> rights.add(verb + " " + group + "/" + resource));
      }
    }
    return rights;
  }
}
