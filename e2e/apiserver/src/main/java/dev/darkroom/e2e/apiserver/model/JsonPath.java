package dev.darkroom.e2e.apiserver.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The part of Kubernetes' JSONPath that CRDs use in printer columns and selectable fields: {@code
 * .field}, {@code ['field']}, {@code \.} inside a name, {@code [n]}, {@code [*]} and {@code
 * [?(@.field=="text")]}.
 */
public final class JsonPath {
  private static final Pattern STEP =
      Pattern.compile(
          "\\.(?<name>(?:\\\\.|[^.\\[\\\\])+)"
              + "|\\['(?<quoted>[^']+)'\\]"
              + "|\\[(?<index>\\d+)\\]"
              + "|(?<all>\\[\\*\\])"
              + "|\\[\\?\\(@(?<filter>[^=!]+)==\\s*[\"'](?<text>[^\"']*)[\"']\\s*\\)\\]");

  private final Function<JsonNode, Stream<JsonNode>> steps;

  private JsonPath(Function<JsonNode, Stream<JsonNode>> steps) {
    this.steps = steps;
  }

  /**
   * Compiles a path.
   *
   * @throws IllegalArgumentException when the path uses an unsupported expression
   */
  public static JsonPath compile(String path) {
    Function<JsonNode, Stream<JsonNode>> all = Stream::of;
    Matcher step = STEP.matcher(path);
    int end = 0;
    while (step.find() && step.start() == end) {
      Function<JsonNode, Stream<JsonNode>> next = step(step);
      Function<JsonNode, Stream<JsonNode>> before = all;
      all = value -> before.apply(value).flatMap(next);
      end = step.end();
    }
    if (end != path.length()) {
      throw new IllegalArgumentException("unsupported JSONPath: " + path);
    }
    return new JsonPath(all);
  }

  /** Every value at this path; skips absent values. */
  public List<JsonNode> find(JsonNode root) {
    return steps.apply(root).filter(value -> !value.isMissingNode()).toList();
  }

  private static Function<JsonNode, Stream<JsonNode>> step(Matcher step) {
    if (step.group("name") != null) {
      String name = step.group("name").replaceAll("\\\\(.)", "$1");
      return value -> Stream.of(value.path(name));
    }
    if (step.group("quoted") != null) {
      String name = step.group("quoted");
      return value -> Stream.of(value.path(name));
    }
    if (step.group("index") != null) {
      int index = Integer.parseInt(step.group("index"));
      return value -> Stream.of(value.path(index));
    }
    if (step.group("all") != null) {
      return value -> StreamSupport.stream(value.spliterator(), false);
    }
    JsonPath filter = compile(step.group("filter").strip());
    String text = step.group("text");
    return value ->
        Json.elements(value)
            .filter(each -> filter.find(each).stream().anyMatch(at -> at.asText().equals(text)));
  }
}
