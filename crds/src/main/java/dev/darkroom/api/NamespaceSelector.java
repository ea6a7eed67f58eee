package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Which namespaces: those whose labels are all as described. An empty selector selects all.
 *
 * @param matchLabels labels and the values that they must have
 * @param matchExpressions what else labels must be
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record NamespaceSelector(
    @Size(max = 64) @JsonPropertyDescription("Labels, and the value that each must have.")
        Map<String, @Size(max = 63) String> matchLabels,
    @Size(max = 64) @JsonPropertyDescription("What else labels must be.")
        List<SelectorRequirement> matchExpressions) {

  /** Makes collections never null. */
  public NamespaceSelector {
    matchLabels = matchLabels == null ? Map.of() : Map.copyOf(matchLabels);
    matchExpressions = matchExpressions == null ? List.of() : List.copyOf(matchExpressions);
  }

  /** Whether a namespace with these labels is selected. */
  public boolean selects(Map<String, String> labels) {
    return matchLabels.entrySet().stream()
            .allMatch(label -> Objects.equals(label.getValue(), labels.get(label.getKey())))
        && matchExpressions.stream().allMatch(requirement -> requirement.isMetBy(labels));
  }
}
