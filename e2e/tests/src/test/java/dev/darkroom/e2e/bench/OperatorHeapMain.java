package dev.darkroom.e2e.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.darkroom.controller.ImageOperator;
import dev.darkroom.controller.Observers;
import dev.darkroom.controller.image.ScrubObserver;
import dev.darkroom.controller.support.OperatorSettings;
import dev.darkroom.transfer.model.TransferObserver;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.LoggerFactory;

/** An operator in a process of its own, which measures its heap when it has nothing to do. */
public final class OperatorHeapMain {

  private static final Duration REST = Duration.ofSeconds(5);
  private static final int COLLECTIONS = 3;

  private OperatorHeapMain() {}

  /**
   * Argument: the URL of the API server. Prints the bytes of live heap after full collections, the
   * number of watches and the number of reconciles, separated by spaces; then ends.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
    Activity activity = new Activity();
    KubernetesClient client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder()
                    .withMasterUrl(args[0])
                    .withHttpProxy(null)
                    .withHttpsProxy(null)
                    .build())
            .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("all", activity))
            .build();
    ImageOperator operator =
        ImageOperator.start(
            client,
            OperatorSettings.defaults(),
            new Observers(TransferObserver.none(), ScrubObserver.none(), () -> activity));
    while (!activity.restsFor(REST)) {
      Thread.sleep(200);
    }
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
    }
    long live = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    if (args.length > 1) {
      histogram(Path.of(args[1]));
    }
    System.out.println(live + " " + activity.watches.get() + " " + activity.reconciles.get());
    operator.close();
    client.close();
    System.exit(0);
  }

  /** Writes the live objects by class, as {@code jcmd PID GC.class_histogram} lists them. */
  private static void histogram(Path file) throws IOException, InterruptedException {
    int unused =
        new ProcessBuilder(
                "jcmd", Long.toString(ProcessHandle.current().pid()), "GC.class_histogram")
            .redirectOutput(file.toFile())
            .start()
            .waitFor();
  }

  /** The last request or reconcile, and how many watches there were. */
  private static final class Activity implements Interceptor, Metrics {

    private final AtomicInteger watches = new AtomicInteger();
    private final AtomicInteger reconciles = new AtomicInteger();
    private volatile long last = System.nanoTime();

    boolean restsFor(Duration time) {
      return System.nanoTime() - last > time.toNanos();
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
      last = System.nanoTime();
      String query = request.uri().getQuery();
      if (query != null && query.contains("watch=true")) {
        watches.incrementAndGet();
      }
    }

    @Override
    public void reconciliationExecutionFinished(
        HasMetadata resource, Map<String, Object> metadata) {
      last = System.nanoTime();
      reconciles.incrementAndGet();
    }
  }
}
