package dev.darkroom.e2e.dev;

import dev.darkroom.api.CopyState;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageStatus;
import dev.darkroom.api.StoreCopy;
import dev.darkroom.e2e.dev.terminal.Amounts;
import dev.darkroom.e2e.dev.terminal.Terminal;
import dev.darkroom.e2e.dev.terminal.Tone;
import dev.darkroom.store.BlobKey;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The results of images: table, conditions, and files in stores. */
final class Report {

  private static final String IMAGES = "/apis/darkroom.dev/v1alpha1";
  private static final String CONTENT = "disk";

  private final Terminal terminal;
  private final KubernetesClient client;
  private final LiveObjects objects;

  Report(Terminal terminal, KubernetesClient client, LiveObjects objects) {
    this.terminal = terminal;
    this.client = client;
    this.objects = objects;
  }

  /** Writes the results. */
  void write(List<Image> images) {
    writeTable(images);
    for (Image image : images) {
      terminal.line("");
      terminal.line(
          terminal.toned(Tone.STRONG, "Conditions of " + ImportProgressView.nameOf(image)));
      new ConditionTable(terminal).write(LiveObjects.conditions(image));
    }
    for (Image image : images) {
      copies(image).forEach(copy -> writeCopy(image, copy));
    }
  }

  private void writeTable(List<Image> images) {
    boolean one =
        images.stream().allMatch(image -> "default".equals(image.getMetadata().getNamespace()));
    terminal.line(terminal.toned(Tone.FAINT, "$ kubectl get images" + (one ? "" : " -A")));
    List<String> lines =
        one
            ? KubectlTable.get(
                client, IMAGES + "/namespaces/default/images", KubectlTable.Leading.NOTHING)
            : KubectlTable.get(client, IMAGES + "/images", KubectlTable.Leading.NAMESPACE);
    lines.forEach(terminal::line);
  }

  private void writeCopy(Image image, Path copy) {
    terminal.line("");
    terminal.line(
        terminal.toned(Tone.STRONG, "Bytes of " + ImportProgressView.nameOf(image))
            + ": "
            + Amounts.bytes(image.getStatus().size()));
    terminal.line("  " + Shell.path(copy));
    terminal.line("  " + image.getStatus().digest());
  }

  /** The files with the image's bytes, in each filesystem store. */
  Stream<Path> copies(Image image) {
    BlobKey key =
        BlobKey.of(
            image.getMetadata().getNamespace(),
            image.getMetadata().getName() + "-" + image.getMetadata().getUid());
    return Optional.ofNullable(image.getStatus())
        .map(ImageStatus::stores)
        .orElse(List.of())
        .stream()
        .filter(copy -> copy.state() == CopyState.AVAILABLE)
        .map(StoreCopy::name)
        .flatMap(name -> objects.store(name).stream())
        .flatMap(store -> Optional.ofNullable(store.getSpec().filesystem()).stream())
        .map(directory -> Path.of(directory.path(), key.value(), CONTENT))
        .filter(Files::isRegularFile);
  }
}
