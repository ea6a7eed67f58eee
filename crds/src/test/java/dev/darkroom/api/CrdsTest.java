package dev.darkroom.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The committed CRDs match the Java types. */
class CrdsTest {

  /** The directory of the module, which {@code kubectl apply -f crds/} reads. */
  private static final Path CRDS = Path.of("");

  @Test
  void committedFilesMatchTheJavaTypes() throws IOException {
    Map<String, String> generated = CrdYaml.generate();
    generated.put("REFERENCE.md", ApiReference.of(CrdYaml.generate().values()));
    if (Boolean.getBoolean("crds.write")) {
      for (Map.Entry<String, String> file : generated.entrySet()) {
        Files.writeString(CRDS.resolve(file.getKey()), file.getValue());
      }
    }

    Map<String, String> committed = new TreeMap<>();
    try (var files = Files.newDirectoryStream(CRDS, "{*.yaml,REFERENCE.md}")) {
      for (Path file : files) {
        committed.put(file.getFileName().toString(), Files.readString(file));
      }
    }

    assertThat(committed)
        .as("refresh with: mvn -pl crds test -Dtest=CrdsTest -Dcrds.write=true")
        .isEqualTo(generated);
  }

  @Test
  void everyFieldHasADescription() {
    List<String> undescribed = new ArrayList<>();
    CrdYaml.generate()
        .forEach(
            (file, yaml) -> {
              CustomResourceDefinition crd =
                  Serialization.unmarshal(yaml, CustomResourceDefinition.class);
              crd.getSpec()
                  .getVersions()
                  .forEach(
                      v ->
                          collectUndescribed(
                              file, v.getSchema().getOpenAPIV3Schema(), undescribed));
            });

    assertThat(undescribed).isEmpty();
  }

  private static void collectUndescribed(
      String path, JSONSchemaProps schema, List<String> undescribed) {
    if (schema.getDescription() == null || schema.getDescription().isBlank()) {
      undescribed.add(path);
    }
    schema
        .getProperties()
        .forEach((name, property) -> collectUndescribed(path + "." + name, property, undescribed));
    if (schema.getItems() != null) {
      schema
          .getItems()
          .getSchema()
          .getProperties()
          .forEach(
              (name, property) -> collectUndescribed(path + "[]." + name, property, undescribed));
    }
  }
}
