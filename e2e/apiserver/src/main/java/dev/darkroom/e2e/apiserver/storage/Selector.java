package dev.darkroom.e2e.apiserver.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.e2e.apiserver.model.ApiException;
import dev.darkroom.e2e.apiserver.model.JsonPath;
import dev.darkroom.e2e.apiserver.model.Metadata;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Label and field selectors (Kubernetes, "Labels and Selectors", "Field Selectors"). */
public final class Selector {
  private static final Pattern REQUIREMENT =
      Pattern.compile(
          "\\s*(?<not>!)?\\s*(?<key>[^\\s,!=()<>]+)\\s*"
              + "(?:(?<in>\\bin\\b|\\bnotin\\b)\\s*\\((?<values>[^)]*)\\)"
              + "|(?<op>==|=|!=)\\s*(?<value>[^\\s,!=()]*))?\\s*(?:,|$)");
  private static final JsonPath NAME = JsonPath.compile(".metadata.name");
  private static final JsonPath NAMESPACE = JsonPath.compile(".metadata.namespace");

  private Selector() {}

  /**
   * Matches objects whose labels satisfy a selector; an empty text matches all objects.
   *
   * @throws ApiException 400 when the selector is malformed
   */
  public static Predicate<ObjectNode> labels(String selector) {
    Predicate<ObjectNode> all = object -> true;
    Matcher requirement = REQUIREMENT.matcher(selector);
    int end = 0;
    while (end < selector.length()) {
      if (!requirement.find() || requirement.start() != end) {
        throw ApiException.badRequest(
            "unable to parse requirement: found '"
                + selector.substring(end)
                + "', expected: in, notin, =, ==, !=, gt, lt");
      }
      Predicate<Map<String, String>> holds = requirement(requirement);
      all = all.and(object -> holds.test(Metadata.labels(object)));
      end = requirement.end();
    }
    return all;
  }

  /**
   * Matches objects whose fields satisfy a selector; an empty text matches all objects.
   *
   * @param selectable supported fields, in addition to name and namespace
   * @throws ApiException 400 when the selector is malformed or names another field
   */
  public static Predicate<ObjectNode> fields(String selector, Map<String, JsonPath> selectable) {
    Predicate<ObjectNode> all = object -> true;
    for (String term : selector.isEmpty() ? List.<String>of() : List.of(selector.split(",", -1))) {
      Matcher parts = Pattern.compile("\\s*([^!=]+)(==|=|!=)(.*)").matcher(term);
      if (!parts.matches()) {
        throw ApiException.badRequest("invalid selector: '" + term + "'; can't understand it");
      }
      JsonPath path = path(parts.group(1), selectable);
      boolean wanted = !parts.group(2).equals("!=");
      String value = parts.group(3);
      all = all.and(object -> text(path, object).equals(value) == wanted);
    }
    return all;
  }

  private static JsonPath path(String field, Map<String, JsonPath> selectable) {
    return switch (field) {
      case "metadata.name" -> NAME;
      case "metadata.namespace" -> NAMESPACE;
      default -> {
        if (!selectable.containsKey(field)) {
          throw ApiException.badRequest("field label not supported: " + field);
        }
        yield selectable.get(field);
      }
    };
  }

  private static String text(JsonPath path, ObjectNode object) {
    return path.find(object).stream().findFirst().map(value -> value.asText()).orElse("");
  }

  private static Predicate<Map<String, String>> requirement(Matcher matcher) {
    String key = matcher.group("key");
    if (matcher.group("not") != null) {
      return labels -> !labels.containsKey(key);
    }
    if (matcher.group("in") != null) {
      Set<String> values =
          Pattern.compile("\\s*,\\s*")
              .splitAsStream(matcher.group("values").strip())
              .collect(java.util.stream.Collectors.toSet());
      return matcher.group("in").equals("in")
          ? labels -> values.contains(labels.get(key))
          : labels -> !values.contains(labels.get(key));
    }
    if (matcher.group("op") == null) {
      return labels -> labels.containsKey(key);
    }
    String value = matcher.group("value");
    return matcher.group("op").equals("!=")
        ? labels -> !value.equals(labels.get(key))
        : labels -> value.equals(labels.get(key));
  }
}
