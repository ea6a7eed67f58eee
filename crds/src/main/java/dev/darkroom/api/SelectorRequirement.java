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
 * What a label must be.
 *
 * @param key the label
 * @param operator how it is compared
 * @param values what with
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "(self.operator in ['In', 'NotIn']) == (has(self.values) && size(self.values) > 0)",
    message = "values are for the operators In and NotIn, which need some")
public record SelectorRequirement(
    @Required @Size(min = 1, max = 317) @JsonPropertyDescription("The label's key.") String key,
    @Required @JsonPropertyDescription("How the label is compared.") SelectorOperator operator,
    @Size(max = 64) @JsonPropertyDescription("What the label is compared with: for In and NotIn.")
        List<@Size(max = 63) String> values) {

  /** Makes collections never null. */
  public SelectorRequirement {
    values = values == null ? List.of() : List.copyOf(values);
  }

  /** Whether an object with these labels is as required. */
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
