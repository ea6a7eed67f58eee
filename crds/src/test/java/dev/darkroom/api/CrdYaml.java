package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsOrArray;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Generates the CRDs from the Java types with fabric8's generator, and completes them: the order of
 * the columns; the descriptions of the kinds; rules that the generator writes twice, because a
 * component of a record is a field and an accessor; the schema of a condition; the status of a kind
 * without one; and the default of a status before the operator has seen the object.
 */
final class CrdYaml {

  private static final List<Class<? extends HasMetadata>> KINDS =
      List.of(
          Image.class, ImageImport.class, ImageMember.class, ImageStore.class, PublicImage.class);

  /**
   * Below every generation, so that a client that waits for the status also waits for the operator.
   */
  private static final JsonNode UNSEEN =
      JsonNodeFactory.instance.objectNode().put("observedGeneration", -1);

  private CrdYaml() {}

  /** Returns the YAML of each CRD, keyed by file name. */
  static Map<String, String> generate() {
    Map<String, ByteArrayOutputStream> streams = new LinkedHashMap<>();
    try (InMemory output = new InMemory(streams)) {
      new CRDGenerator()
          .customResourceClasses(List.copyOf(KINDS))
          .forCRDVersions("v1")
          .withParallelGenerationEnabled(false)
          .withPostProcessor(
              new CRDPostProcessor() {
                @Override
                public HasMetadata process(HasMetadata crd, String version) {
                  return complete((CustomResourceDefinition) crd);
                }
              })
          .withOutput(output)
          .detailedGenerate();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> files = new TreeMap<>();
    streams.forEach(
        (name, bytes) ->
            files.put(
                name.replaceFirst("-v1$", "") + ".yaml",
                "# Generated from the Java types; see CONTRIBUTING.md.\n"
                    + bytes.toString(StandardCharsets.UTF_8).replaceFirst("(?s)^#[^\n]*\n", "")));
    return files;
  }

  private static HasMetadata complete(CustomResourceDefinition crd) {
    Class<?> kind =
        KINDS.stream()
            .filter(k -> HasMetadata.getKind(k).equals(crd.getSpec().getNames().getKind()))
            .findFirst()
            .orElseThrow();
    crd.getMetadata().setLabels(Map.of("app.kubernetes.io/part-of", "darkroom"));
    crd.getSpec().getNames().setCategories(List.of("darkroom"));
    for (CustomResourceDefinitionVersion version : crd.getSpec().getVersions()) {
      version.setAdditionalPrinterColumns(inDeclaredOrder(kind, version));
      JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
      root.setDescription(kind.getAnnotation(JsonClassDescription.class).value());
      root.getProperties().get("spec").setDescription("Desired state.");
      JSONSchemaProps status = root.getProperties().get("status");
      if (status.getProperties().isEmpty()) {
        root.getProperties().remove("status");
        version.setSubresources(null);
        root.getProperties()
            .get("spec")
            .setDescription("Properties of the image, written by the operator.");
      } else {
        status.setDescription("State that the operator observed last.");
        status.setDefault(UNSEEN);
        status.getProperties().get("conditions").getItems().setSchema(condition());
      }
      dropRepeatedRules(root);
    }
    return crd;
  }

  private static List<CustomResourceColumnDefinition> inDeclaredOrder(
      Class<?> kind, CustomResourceDefinitionVersion version) {
    List<String> declared =
        Arrays.stream(kind.getAnnotationsByType(AdditionalPrinterColumn.class))
            .map(AdditionalPrinterColumn::name)
            .toList();
    return version.getAdditionalPrinterColumns().stream()
        .sorted(Comparator.comparing(column -> declared.indexOf(column.getName())))
        .toList();
  }

  private static void dropRepeatedRules(JSONSchemaProps schema) {
    schema.setXKubernetesValidations(
        schema.getXKubernetesValidations().stream().distinct().toList());
    schema.getProperties().values().forEach(CrdYaml::dropRepeatedRules);
    JSONSchemaPropsOrArray items = schema.getItems();
    if (items != null && items.getSchema() != null) {
      dropRepeatedRules(items.getSchema());
    }
  }

  /** Schema of a condition, as in {@code metav1.Condition}. */
  private static JSONSchemaProps condition() {
    Map<String, JSONSchemaProps> properties = new LinkedHashMap<>();
    properties.put(
        "lastTransitionTime",
        text("Time when the status last changed.").withFormat("date-time").build());
    properties.put("message", text("Human-readable details.").withMaxLength(32768L).build());
    properties.put(
        "observedGeneration",
        new JSONSchemaPropsBuilder()
            .withType("integer")
            .withFormat("int64")
            .withMinimum(0.0)
            .withDescription("Generation of the spec that the condition describes.")
            .build());
    properties.put(
        "reason",
        text("Reason in one word, from a closed list.")
            .withMinLength(1L)
            .withMaxLength(1024L)
            .withPattern("^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$")
            .build());
    properties.put(
        "status",
        text("True, False or Unknown.")
            .withEnum(
                List.of(
                    TextNode.valueOf("True"),
                    TextNode.valueOf("False"),
                    TextNode.valueOf("Unknown")))
            .build());
    properties.put("type", text("Type of the condition.").withMaxLength(316L).build());
    return new JSONSchemaPropsBuilder()
        .withType("object")
        .withDescription("One aspect of the state of the object.")
        .withProperties(properties)
        .withRequired("lastTransitionTime", "message", "reason", "status", "type")
        .build();
  }

  private static JSONSchemaPropsBuilder text(String description) {
    return new JSONSchemaPropsBuilder().withType("string").withDescription(description);
  }

  /** Keeps the generator's output in memory, keyed by the name of the CRD. */
  private static final class InMemory extends CRDGenerator.AbstractCRDOutput<OutputStream> {

    private final Map<String, ByteArrayOutputStream> streams;

    InMemory(Map<String, ByteArrayOutputStream> streams) {
      this.streams = streams;
    }

    @Override
    protected OutputStream createStreamFor(String crdName) {
      return streams.computeIfAbsent(crdName, name -> new ByteArrayOutputStream());
    }
  }
}
