package dev.darkroom.api;

import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRuleBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.List;

/**
 * Adds to a generated schema the properties that the generator's annotations cannot express. The
 * input is a list of {@code property=word} pairs. The word is {@code set}, {@code names} (a set of
 * object names) or {@code map:KEY} (list types), {@code quantity}, or a format of the Kubernetes
 * API ({@code int32}, {@code int64}, {@code date-time}).
 */
public final class StructuralSchema implements SchemaCustomizer.Customizer {

  private static final String MAP = "map:";

  @Override
  public JSONSchemaProps apply(
      JSONSchemaProps props, String input, KubernetesSerialization serialization) {
    for (String pair : input.split("\\s+")) {
      String[] nameAndWord = pair.split("=", 2);
      JSONSchemaProps property = props.getProperties().get(nameAndWord[0]);
      if (property == null) {
        throw new IllegalArgumentException("no property " + nameAndWord[0] + " in the schema");
      }
      apply(property, nameAndWord[1]);
    }
    return props;
  }

  private static void apply(JSONSchemaProps property, String word) {
    if (word.equals("set")) {
      property.setXKubernetesListType("set");
    } else if (word.equals("names")) {
      property.setXKubernetesListType("set");
      rule(property.getItems().getSchema(), Patterns.NAME_RULE, Patterns.NAME_MESSAGE);
    } else if (word.startsWith(MAP)) {
      property.setXKubernetesListType("map");
      property.setXKubernetesListMapKeys(List.of(word.substring(MAP.length())));
    } else if (word.equals("quantity")) {
      property.setMaxLength(Patterns.MAX_QUANTITY);
      rule(property, Patterns.QUANTITY_RULE, Patterns.QUANTITY_MESSAGE);
    } else {
      property.setFormat(word);
    }
  }

  private static void rule(JSONSchemaProps property, String rule, String message) {
    List<ValidationRule> rules = new ArrayList<>();
    rules.add(new ValidationRuleBuilder().withRule(rule).withMessage(message).build());
    rules.addAll(property.getXKubernetesValidations());
    property.setXKubernetesValidations(rules);
  }
}
