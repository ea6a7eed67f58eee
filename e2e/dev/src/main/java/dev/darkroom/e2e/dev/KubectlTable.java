package dev.darkroom.e2e.dev;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;

/**
 * The output of {@code kubectl get}: the API server returns the columns, the client aligns them.
 * Source: Kubernetes API concepts, "Receiving resources as Tables".
 */
final class KubectlTable {

  private static final String AS_TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";
  private static final int BETWEEN_COLUMNS = 3;
  private static final int NARROWEST_COLUMN = 6;
  private static final ObjectMapper JSON = new ObjectMapper();

  private KubectlTable() {}

  /** The columns before those of the server. */
  enum Leading {
    /** None, for one namespace. */
    NOTHING,
    /** The namespace, for {@code --all-namespaces}. */
    NAMESPACE
  }

  /**
   * Requests a table.
   *
   * @param path for example {@code /apis/darkroom.dev/v1alpha1/images}
   * @return the lines, the first with the column names
   */
  static List<String> get(KubernetesClient client, String path, Leading leading) {
    HttpRequest request =
        client
            .getHttpClient()
            .newHttpRequestBuilder()
            .uri(client.getMasterUrl().toString().replaceFirst("/$", "") + path)
            .header("Accept", AS_TABLE)
            .build();
    try {
      HttpResponse<String> response = client.getHttpClient().sendAsync(request, String.class).get();
      if (!response.isSuccessful()) {
        throw new IllegalStateException("no table of " + path + ": " + response.code());
      }
      return aligned(cells(JSON.readTree(response.body()), leading));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException | JsonProcessingException e) {
      throw new IllegalStateException("no table of " + path, e);
    }
  }

  /** The cells shown without {@code -o wide}. */
  static List<List<String>> cells(JsonNode table, Leading leading) {
    List<Integer> shown = new ArrayList<>();
    List<String> header = new ArrayList<>();
    if (leading == Leading.NAMESPACE) {
      header.add("NAMESPACE");
    }
    for (int i = 0; i < table.path("columnDefinitions").size(); i++) {
      JsonNode column = table.path("columnDefinitions").get(i);
      if (column.path("priority").asInt() == 0) {
        shown.add(i);
        header.add(column.path("name").asText().toUpperCase(Locale.ROOT));
      }
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(header);
    for (JsonNode row : table.path("rows")) {
      List<String> cells = new ArrayList<>();
      if (leading == Leading.NAMESPACE) {
        cells.add(row.at("/object/metadata/namespace").asText());
      }
      shown.forEach(i -> cells.add(row.path("cells").path(i).asText("")));
      rows.add(cells);
    }
    return rows;
  }

  /** Aligns the cells. */
  static List<String> aligned(List<List<String>> rows) {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        int width = row.get(i).length() + BETWEEN_COLUMNS;
        widths[i] = Math.max(widths[i], Math.max(width, NARROWEST_COLUMN));
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        String cell = row.get(i);
        line.append(cell);
        if (i < columns - 1) {
          line.append(" ".repeat(widths[i] - cell.length()));
        }
      }
      lines.add(line.toString());
    }
    return lines;
  }
}
