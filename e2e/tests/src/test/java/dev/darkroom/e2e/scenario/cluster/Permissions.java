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
 * Permissions as {@code verb group/resource}: granted by roles, and used according to an audit log
 * ({@code audit.k8s.io/v1}, one JSON object per line).
 */
public final class Permissions {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int UNPROCESSABLE = 422;

  private Permissions() {}

  /** The permissions granted by the roles of a file, with duplicates. */
  public static List<String> given(Path roles) throws IOException {
    List<String> permissions = new ArrayList<>();
    for (String document : Files.readString(roles).split("(?m)^---$")) {
      HasMetadata role = Serialization.unmarshal(document, HasMetadata.class);
      List<PolicyRule> rules =
          role instanceof ClusterRole wide ? wide.getRules() : ((Role) role).getRules();
      rules.forEach(rule -> permissions.addAll(of(rule)));
    }
    return permissions;
  }

  /** The permissions that a user used successfully. */
  public static Set<String> used(Path auditLog, String user) throws IOException {
    Set<String> permissions = new TreeSet<>();
    for (JsonNode event : events(auditLog, user)) {
      if (!decision(event).equals("allow")) {
        continue;
      }
      permissions.add(permission(event.path("verb").asText(), event));
      // An apply that creates the object needs both patch and create.
      if (event.path("verb").asText().equals("patch")
          && event.at("/responseStatus/code").asInt() == HttpURLConnection.HTTP_CREATED) {
        permissions.add(permission("create", event));
      }
    }
    return permissions;
  }

  /** The requests of a user that failed with 403 or 422, one line each. */
  public static List<String> refused(Path auditLog, String user) throws IOException {
    return events(auditLog, user).stream()
        .filter(
            event ->
                event.at("/responseStatus/code").asInt() == HttpURLConnection.HTTP_FORBIDDEN
                    || event.at("/responseStatus/code").asInt() == UNPROCESSABLE)
        .map(
            event ->
                permission(event.path("verb").asText(), event)
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

  private static String permission(String verb, JsonNode event) {
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
    List<String> permissions = new ArrayList<>();
    for (String group : rule.getApiGroups()) {
      for (String resource : rule.getResources()) {
        rule.getVerbs().forEach(verb -> permissions.add(verb + " " + group + "/" + resource));
      }
    }
    return permissions;
  }
}
