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

/** Helm refuses values that values.schema.json does not let in. */
class SchemaTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a misspelt name        | {replica: 2}                                                | replica
          a misspelt inner name  | {image: {repo: x}}                                          | repo
          no image at all        | {image: {repository: ''}}                                   | repository
          a digest that is none  | {image: {digest: latest}}                                   | digest
          a pull policy of one's own | {image: {pullPolicy: Sometimes}}                        | pullPolicy
          too many replicas      | {replicas: 50}                                              | replicas
          a privileged port      | {port: 80}                                                  | port
          a flag with dashes     | {settings: {--bandwidth: 1}}                                | bandwidth
          a flag of the chart's  | {settings: {health-port: 1}}                                | health-port
          a flag that is a map   | {settings: {bandwidth: {a: b}}}                             | bandwidth
          a variable of the chart's | {extraEnv: [{name: POD_NAMESPACE, value: x}]}            | extraEnv
          staging on the node    | {staging: {volume: {hostPath: {path: /x}}}}                 | hostPath
          a store on the node    | {stores: {a: {spec: {}, volume: {hostPath: {path: /x}}}}}   | hostPath
          two volumes            | {stores: {a: {spec: {}, volume: {csi: {}, ephemeral: {}}}}} | volume
          a store without a spec | {stores: {a: {keep: true}}}                                 | spec
          a store's bad name     | {stores: {Local_Disk: {spec: {}}}}                          | Local_Disk
          half of credentials    | {stores: {a: {spec: {}, credentials: {accessKeyId: x}}}}    | secretAccessKey
          authorities not in PEM | {stores: {a: {spec: {}, caBundle: ca.crt}}}                 | caBundle
          an interval of no unit | {metrics: {serviceMonitor: {interval: '30'}}}               | interval
          """)
  void refuses(String what, String values, String named) {
    assertThatThrownBy(() -> Chart.template(values))
        .as(what)
        .hasMessageContaining("values don't meet the specifications of the schema")
        .hasMessageContaining(named);
  }

  @Test
  void knowsEveryValueOfTheChart() throws IOException {
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
