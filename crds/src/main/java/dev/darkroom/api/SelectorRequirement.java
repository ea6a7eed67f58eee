package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;

/**
 * A requirement on one label.
 *
 * @param key key of the label
 * @param operator comparison
 * @param values values to compare with
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "(self.operator in ['In', 'NotIn']) == (has(self.values) && size(self.values) > 0)",
    message = "values must be set for the operators In and NotIn, and only for these")
public record SelectorRequirement(
    @Required @Size(min = 1, max = 317) @JsonPropertyDescription("Key of the label.") String key,
    @Required @JsonPropertyDescription("How the label is compared with the values.")
        SelectorOperator operator,
    @Size(max = 64)
        @JsonPropertyDescription("Values to compare the label with. Only for In and NotIn.")
        List<@Size(max = 63) String> values) {

  /** Collections are never null. */
  public SelectorRequirement {
    values = values == null ? List.of() : List.copyOf(values);
  }

  /** Returns whether these labels meet the requirement. */
  public boolean isMetBy(Map<String, String> labels) {
    return switch (operator) {
      case IN -> labels.containsKey(key) && values.contains(labels.get(key));
      case NOT_IN -> !labels.containsKey(key) || !values.contains(labels.get(key));
      case EXISTS -> labels.containsKey(key);
      case DOES_NOT_EXIST -> !labels.containsKey(key);
      case UNKNOWN -> false;
    };
  }
}
