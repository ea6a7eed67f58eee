package dev.darkroom.e2e.dev;

import dev.darkroom.api.ImageStore;
import dev.darkroom.cli.LogOptions;
import dev.darkroom.e2e.dev.sample.SampleDisk;
import dev.darkroom.e2e.dev.sample.SampleServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All components of a run; closed in reverse order. */
final class DevSession implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DevSession.class);

  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private final DevOptions options;
  private WorkDirectory directory;
  private List<SourceObject> manifests;
  private LocalStore.Removed removed;
  private LocalCluster cluster;
  private LiveObjects objects;
  private Optional<ImageStore> store;

  private DevSession(DevOptions options) {
    this.options = options;
  }

  /**
   * Reads the manifests and starts the components.
   *
   * @throws InputException if the input is invalid
   */
  static DevSession start(DevOptions options) {
    DevSession session = new DevSession(options);
    try {
      session.start();
      return session;
    } catch (IOException e) {
      session.close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private void start() throws IOException {
    manifests = new ArrayList<>();
    if (!options.manifests().isEmpty()) {
      manifests.addAll(ManifestReader.read(options.manifests()));
    }
    if (options.image().isPresent()) {
      ImageFromUrl image = options.image().get();
      manifests.addAll(ManifestReader.parse("--url", image.manifest()));
    }

    directory = keep(WorkDirectory.open(options.directory()));
    LogOptions.toFile(directory.log());
    URI web = startWeb();
    Path quickstart = Samples.writeTo(directory.samples(), web);
    if (options.isQuickstart()) {
      manifests.addAll(ManifestReader.read(List.of(quickstart.toString())));
    }

    cluster = keep(LocalCluster.start(options.port(), options.sources(), directory));
    objects = keep(new LiveObjects(cluster.client()));
    removed = LocalStore.empty(directory.store());
    store = LocalStore.beside(manifests, directory.store());
    store.ifPresent(s -> cluster.client().resource(s).create());
  }

  private URI startWeb() throws IOException {
    Path files = directory.web();
    SampleDisk.writeTo(files.resolve(SampleDisk.FILE_NAME));
    try {
      return keep(SampleServer.start(files, options.webPort())).address();
    } catch (IOException e) {
      if (Ports.isTaken(e)) {
        throw Ports.taken(options.webPort(), "--web-port", e);
      }
      throw e;
    }
  }

  private <T extends AutoCloseable> T keep(T started) {
    running.push(started);
    return started;
  }

  /** The working directory. */
  WorkDirectory directory() {
    return directory;
  }

  /** The copies removed from the last run's store. */
  LocalStore.Removed removed() {
    return removed;
  }

  /** The URL of the API server. */
  URI address() {
    return cluster.address();
  }

  /** A client of the API server. */
  KubernetesClient client() {
    return cluster.client();
  }

  /** The objects on the API server. */
  LiveObjects objects() {
    return objects;
  }

  /** Whether the program's own store exists: no manifest has a store of its name. */
  boolean hasOwnStore() {
    return store.isPresent();
  }

  /**
   * Applies the manifests.
   *
   * @throws InputException with the API server's message if it refused one
   */
  List<Applied> apply() {
    return new Application(cluster.client()).apply(manifests);
  }

  @Override
  public void close() {
    while (!running.isEmpty()) {
      try {
        running.pop().close();
      } catch (Exception e) {
        LOG.warn("A component did not close", e);
      }
    }
  }
}
