package dev.darkroom.e2e.bench;

import dev.darkroom.api.DiskFormatName;
import dev.darkroom.api.FilesystemStoreSpec;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageSource;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.ImageStore;
import dev.darkroom.api.ImageStoreSpecBuilder;
import dev.darkroom.api.WebSourceSpec;
import dev.darkroom.e2e.bench.figures.ProcessCost;
import dev.darkroom.e2e.bench.figures.Sample;
import dev.darkroom.e2e.bench.server.FileServer;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * An import by the whole operator: creates an Image on an API server and waits until it is Ready.
 * API server and operator run in this process, so the figures include the server's cost.
 */
final class OperatorImport implements Measurement {

  private static final String NAMESPACE = "default";
  private static final long MINUTES = 30;

  private final FileServer server;
  private final Path directory;
  private Optional<OperatorOnApiServer> running = Optional.empty();

  OperatorImport(FileServer server, Path directory) {
    this.server = server;
    this.directory = directory;
  }

  @Override
  public String name() {
    return "whole operator";
  }

  @Override
  public Sample measure(DataFile data) throws IOException {
    KubernetesClient client = started();
    Resource<Image> resource = client.resource(image(data));
    ProcessCost cost = ProcessCost.begin();
    resource.create();
    Image ended = resource.waitUntilCondition(OperatorImport::isOver, MINUTES, TimeUnit.MINUTES);
    Sample sample = cost.end(data.bytes());
    requireStored(ended, data);
    resource.delete();
    resource.waitUntilCondition(Objects::isNull, MINUTES, TimeUnit.MINUTES);
    return sample;
  }

  @Override
  public void close() {
    running.ifPresent(OperatorOnApiServer::close);
  }

  /** One operator for all runs, so that its code is compiled. */
  private KubernetesClient started() throws IOException {
    if (running.isEmpty()) {
      OperatorOnApiServer started = OperatorOnApiServer.start();
      running = Optional.of(started);
      Resource<ImageStore> store = started.client().resource(store());
      store.create();
      store.waitUntilCondition(OperatorImport::isReady, MINUTES, TimeUnit.MINUTES);
    }
    return running.get().client();
  }

  private ImageStore store() {
    ImageStore store = new ImageStore();
    store.setMetadata(new ObjectMetaBuilder().withName("bench").build());
    store.setSpec(
        ImageStoreSpecBuilder.builder()
            .isDefault(true)
            .filesystem(new FilesystemStoreSpec(directory.toString()))
            .build());
    return store;
  }

  private Image image(DataFile data) {
    Image image = new Image();
    image.setMetadata(new ObjectMetaBuilder().withName("bench").withNamespace(NAMESPACE).build());
    image.setSpec(
        ImageSpecBuilder.builder()
            .source(ImageSource.of(WebSourceSpec.of(server.url(data).toString())))
            .checksum(data.sha256().toString())
            .diskFormat(DiskFormatName.RAW)
            .build());
    return image;
  }

  private static void requireStored(Image image, DataFile data) throws IOException {
    if (!isTrue("Ready", image.getStatus().conditions())) {
      throw new IOException(
          "The import of " + data.name() + " did not succeed: " + image.getStatus().conditions());
    }
  }

  private static boolean isReady(ImageStore store) {
    return store != null
        && store.getStatus() != null
        && isTrue("Ready", store.getStatus().conditions());
  }

  private static boolean isOver(Image image) {
    return image != null
        && image.getStatus() != null
        && (isTrue("Ready", image.getStatus().conditions())
            || isTrue("Stalled", image.getStatus().conditions()));
  }

  private static boolean isTrue(String type, List<Condition> conditions) {
    return conditions.stream()
        .anyMatch(c -> c.getType().equals(type) && c.getStatus().equals("True"));
  }
}
