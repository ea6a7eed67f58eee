package dev.darkroom.e2e.scenario.operations;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The LIST and WATCH requests of an operator, recorded at its HTTP client. Paths of the Kubernetes
 * API: {@code /api/v1/…} or {@code /apis/GROUP/VERSION/…}, then {@code
 * [namespaces/NAMESPACE/]RESOURCE}. Thread-safe.
 */
final class ReadLog implements Interceptor {

  private static final Pattern COLLECTION =
      Pattern.compile("/apis?/(?:[^/]+/)?v[^/]+/(?:namespaces/[^/]+/)?([a-z]+)");

  private final ConcurrentLinkedQueue<String> reads = new ConcurrentLinkedQueue<>();

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    URI uri = request.uri();
    Matcher collection = COLLECTION.matcher(uri.getPath());
    if (request.method().equals("GET") && collection.matches()) {
      String query = uri.getQuery() == null ? "" : uri.getQuery();
      reads.add((query.contains("watch=true") ? "watch " : "list ") + collection.group(1));
    }
  }

  /** Clears the log. */
  void clear() {
    reads.clear();
  }

  /** The number of each {@code list RESOURCE} and {@code watch RESOURCE}. */
  Map<String, Long> counts() {
    return counts(List.copyOf(reads));
  }

  static Map<String, Long> counts(List<String> reads) {
    Map<String, Long> counts = new TreeMap<>();
    reads.forEach(read -> counts.merge(read, 1L, Long::sum));
    return counts;
  }
}
