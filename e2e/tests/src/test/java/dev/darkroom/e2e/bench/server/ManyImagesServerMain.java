package dev.darkroom.e2e.bench.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.access.ImageLabels;
import dev.darkroom.api.ApiGroup;
import dev.darkroom.api.CopyState;
import dev.darkroom.api.FilesystemStoreSpec;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImagePhase;
import dev.darkroom.api.ImageSource;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.ImageStatusBuilder;
import dev.darkroom.api.ImageStore;
import dev.darkroom.api.ImageStoreSpecBuilder;
import dev.darkroom.api.ImageSummary;
import dev.darkroom.api.StoreCopy;
import dev.darkroom.api.WebSourceSpec;
import dev.darkroom.e2e.apiserver.ApiServer;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * An embedded API server, in a process of its own, with an ImageStore and many active Images. Their
 * statuses and labels are those that an operator writes, so that one at rest has little to write.
 */
public final class ManyImagesServerMain {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> KINDS =
      List.of("images", "publicimages", "imageimports", "imagemembers", "imagestores");
  private static final String STORE = "bench";

  private ManyImagesServerMain() {}

  /**
   * Arguments: the directory of the store, and the number of Images. Prints the port, and ends when
   * standard input ends.
   */
  public static void main(String[] args) throws IOException {
    ApiServer server = ApiServer.start(ApiServer.Options.defaults());
    for (String kind : KINDS) {
      server.install(crd(kind));
    }
    server.plant(json(store(Path.of(args[0]))));
    int images = Integer.parseInt(args[1]);
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    for (int i = 0; i < images; i++) {
      server.plant(json(image(i, now)));
    }
    System.out.println(server.url().getPort());
    while (System.in.read() >= 0) {
      // Nothing is said.
    }
    System.exit(0);
  }

  private static ImageStore store(Path directory) {
    ImageStore store = new ImageStore();
    store.setMetadata(
        new ObjectMetaBuilder()
            .withName(STORE)
            .withUid(UUID.randomUUID().toString())
            .withGeneration(1L)
            .withCreationTimestamp("2026-11-01T08:00:00Z")
            .build());
    store.setSpec(
        ImageStoreSpecBuilder.builder()
            .isDefault(true)
            .filesystem(new FilesystemStoreSpec(directory.toString()))
            .build());
    return store;
  }

  private static Image image(int number, String now) {
    String name = "image-%05d".formatted(number);
    String uid = new UUID(0x5EED, number).toString();
    String digest = "%064x".formatted(number + 1);
    Image image = new Image();
    image.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("default")
            .withName(name)
            .withUid(uid)
            .withGeneration(1L)
            .withCreationTimestamp("2026-11-01T08:00:00Z")
            .withFinalizers(ApiGroup.FINALIZER)
            .withLabels(new TreeMap<>(Map.of("team", "team-" + number % 100)))
            .build());
    image.setSpec(
        ImageSpecBuilder.builder()
            .source(ImageSource.of(WebSourceSpec.of("https://images.example/" + name + ".qcow2")))
            .checksum("sha256:" + digest)
            .displayName("Image number " + number)
            .build());
    image.setStatus(
        ImageStatusBuilder.builder()
            .observedGeneration(1L)
            .phase(ImagePhase.ACTIVE)
            .progress("Done")
            .imageID(uid)
            .digest("sha256:" + digest)
            .checksums(Map.of("sha256", digest, "md5", digest.substring(32)))
            .size(700L << 20)
            .virtualSize(10L << 30)
            .diskFormat("qcow2")
            .stores(List.of(new StoreCopy(STORE, CopyState.AVAILABLE, 700L << 20, now, null)))
            .summary(new ImageSummary("700MiB", "10GiB", "1/1"))
            .conditions(
                List.of(
                    condition("Ready", "Available", "Verified bytes are in store bench.", now),
                    condition(
                        "Verified", "Available", "Checksum, format and safety checks passed.", now),
                    condition(
                        "Replicated", "Available", "1 of 1 store holds a verified copy.", now),
                    condition(
                        "Published", "Private", "Only the image's own namespace may see it.", now)))
            .build());
    image.getMetadata().getLabels().putAll(ImageLabels.of(image));
    return image;
  }

  private static Condition condition(String type, String reason, String message, String now) {
    return new ConditionBuilder()
        .withType(type)
        .withStatus(type.equals("Published") ? "False" : "True")
        .withReason(reason)
        .withMessage(message)
        .withLastTransitionTime(now)
        .withObservedGeneration(1L)
        .build();
  }

  private static ObjectNode json(HasMetadata object) throws IOException {
    return (ObjectNode) JSON.readTree(Serialization.asJson(object));
  }

  private static String crd(String kind) throws IOException {
    String name = "/dev/darkroom/crds/" + kind + ".darkroom.dev.yaml";
    try (InputStream resource = ManyImagesServerMain.class.getResourceAsStream(name)) {
      if (resource == null) {
        throw new IOException(name + " is not on the class path");
      }
      return new String(resource.readAllBytes(), UTF_8);
    }
  }
}
