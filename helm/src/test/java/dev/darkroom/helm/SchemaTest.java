package dev.darkroom.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Helm refuses values that values.schema.json does not allow. */
class SchemaTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a misspelled name      | {replica: 2}                                                | replica
          a misspelled inner name | {image: {repo: x}}                                          | repo
          an empty repository    | {image: {repository: ''}}                                   | repository
          an invalid digest      | {image: {digest: latest}}                                   | digest
          an unknown pull policy | {image: {pullPolicy: Sometimes}}                        | pullPolicy
          too many replicas      | {replicas: 50}                                              | replicas
          a privileged port      | {port: 80}                                                  | port
          a flag with dashes     | {settings: {--bandwidth: 1}}                                | bandwidth
          a flag set by the chart | {settings: {health-port: 1}}                                | health-port
          a flag that is a map   | {settings: {bandwidth: {a: b}}}                             | bandwidth
          a variable set by the chart | {extraEnv: [{name: POD_NAMESPACE, value: x}]}            | extraEnv
          staging on the node    | {staging: {volume: {hostPath: {path: /x}}}}                 | hostPath
          a store on the node    | {stores: {a: {spec: {}, volume: {hostPath: {path: /x}}}}}   | hostPath
          two volumes            | {stores: {a: {spec: {}, volume: {csi: {}, ephemeral: {}}}}} | volume
          a store without a spec | {stores: {a: {keep: true}}}                                 | spec
          an invalid store name  | {stores: {Local_Disk: {spec: {}}}}                          | Local_Disk
          incomplete credentials | {stores: {a: {spec: {}, credentials: {accessKeyId: x}}}}    | secretAccessKey
          a CA bundle not in PEM | {stores: {a: {spec: {}, caBundle: ca.crt}}}                 | caBundle
          an interval without unit | {metrics: {serviceMonitor: {interval: '30'}}}               | interval
          """)
  void refuses(String what, String values, String named) {
    assertThatThrownBy(() -> Chart.template(values))
        .as(what)
        .hasMessageContaining("values don't meet the specifications of the schema")
        .hasMessageContaining(named);
  }

  @Test
  void describesEveryValueOfTheChart() throws IOException {
    List<String> unknown = new ArrayList<>();
    collectUnknown("", Chart.file("values.yaml"), Chart.file("values.schema.json"), unknown);

    assertThat(unknown).isEmpty();
  }

  private static void collectUnknown(
      String path, JsonNode values, JsonNode schema, List<String> unknown) {
    for (Map.Entry<String, JsonNode> value : values.properties()) {
      JsonNode property = schema.path("properties").path(value.getKey());
      if (property.isMissingNode()) {
        unknown.add(path + value.getKey());
      } else if (value.getValue().isObject() && property.has("properties")) {
        collectUnknown(path + value.getKey() + ".", value.getValue(), property, unknown);
      }
    }
  }
}
