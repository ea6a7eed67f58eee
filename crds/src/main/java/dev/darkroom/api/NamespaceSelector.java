package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Selects namespaces by their labels. All requirements must be met. An empty selector selects all
 * namespaces.
 *
 * @param matchLabels labels and their required values
 * @param matchExpressions more requirements on the labels
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record NamespaceSelector(
    @Size(max = 64)
        @JsonPropertyDescription("Labels that a namespace must have, with their values.")
        Map<String, @Size(max = 63) String> matchLabels,
    @Size(max = 64)
        @JsonPropertyDescription("More requirements on the labels; all of them must be met.")
        List<SelectorRequirement> matchExpressions) {

  /** Collections are never null. */
  public NamespaceSelector {
    matchLabels = matchLabels == null ? Map.of() : Map.copyOf(matchLabels);
    matchExpressions = matchExpressions == null ? List.of() : List.copyOf(matchExpressions);
  }

  /** Returns whether a namespace with these labels is selected. */
  public boolean selects(Map<String, String> labels) {
    return matchLabels.entrySet().stream()
            .allMatch(label -> Objects.equals(label.getValue(), labels.get(label.getKey())))
        && matchExpressions.stream().allMatch(requirement -> requirement.isMetBy(labels));
  }
}
