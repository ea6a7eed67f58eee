package dev.darkroom.controller.image;

import static dev.darkroom.controller.Fixtures.SHA256;
import static dev.darkroom.controller.Fixtures.image;
import static dev.darkroom.controller.Fixtures.job;
import static dev.darkroom.controller.Fixtures.withBytes;

import dev.darkroom.access.Links;
import dev.darkroom.access.Sharing;
import dev.darkroom.api.ChecksumFromSpec;
import dev.darkroom.api.CopyState;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageReference;
import dev.darkroom.api.ImageSource;
import dev.darkroom.api.ImageSourceBuilder;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.ImageStatus;
import dev.darkroom.api.StoreCopy;
import dev.darkroom.api.Visibility;
import dev.darkroom.controller.Fixtures;
import dev.darkroom.controller.MessageTable;
import dev.darkroom.controller.TestClock;
import dev.darkroom.controller.imageimport.ImportStatusCalculator;
import dev.darkroom.controller.support.Conditions;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Reason;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The condition messages of an Image, in {@code messages/image.txt}. */
class ImageMessagesTest {

  private final TestClock clock = new TestClock("2026-11-22T10:00:00Z");
  private final MessageTable table = new MessageTable();
  private final Map<String, Image> images = new HashMap<>();
  private final Links links =
      new Links(
          (namespace, name) -> Optional.ofNullable(images.get(namespace + "/" + name)),
          image -> Sharing.of(image, List.of()));

  @Test
  void theMessagesAreThoseOfTheTable() throws IOException {
    imports();
    copies();
    links();
    audiences();

    table.check("image");
  }

  private void imports() {
    ImageImport job = job("ubuntu-1", "ubuntu");
    add("no source", status(image("ubuntu", s -> s)).awaitingImport());
    add("the import has no status yet", status(image("ubuntu")).following(job, List.of("fast")));
    job.setStatus(new ImportStatusCalculator(job, clock).begun(1, List.of("fast")));
    add("the import runs", status(image("ubuntu")).following(job, List.of("fast")));
    job.setStatus(
        new ImportStatusCalculator(job, clock)
            .waiting(Failure.of(Reason.SUSPENDED, "spec.suspend is true.")));
    add("the import is suspended", status(image("ubuntu")).following(job, List.of("fast")));
    job.setStatus(
        new ImportStatusCalculator(job, clock)
            .failed(Failure.of(Reason.UNSAFE_IMAGE, "It names other files.")));
    add("the import failed", status(image("ubuntu")).following(job, List.of("fast")));
  }

  private void copies() {
    add("one copy, no checksum", active(s -> s, List.of("fast"), "fast"));
    add("two copies, a checksum", active(s -> s.checksum(SHA256), List.of("a", "b"), "a", "b"));
    add("enough copies", active(s -> s.minAvailable(1), List.of("cold", "fast"), "fast"));
    add("too few copies", active(s -> s, List.of("cold", "fast"), "fast"));
    add("a copy to remove", active(s -> s, List.of("fast"), "cold", "fast"));
    add("deactivated", active(s -> s.deactivated(true), List.of("fast"), "fast"));
    add("a corrupt copy", bad(CopyState.CORRUPT, "Its digest is sha256:cd."));
    add("a missing copy", bad(CopyState.MISSING, "The store has no such copy any more."));
    add("a deletion", status(image("ubuntu")).deleting("Store fast is removing its copy."));
  }

  private void links() {
    addLink("a link to an Image that does not exist", link(s -> s));
    addLink("a link to itself", link(s -> s.source(source("lab", "link"))));
    addLink("a link to an Image that is not visible", link(s -> s.source(source("other", "x"))));
    Image root = put(image("golden"));
    addLink("a link to an Image without bytes", link(s -> s));
    withBytes(root, "fast");
    addLink("a link to an Image that is not Ready", link(s -> s));
    ready(root);
    addLink("a link", link(s -> s));
    addLink("a link with stores", link(s -> s.stores(List.of("fast"))));
    addLink("a link with a conversion", link(s -> s.checksumFrom(checksumFrom())));
    addLink("a link with another checksum", link(s -> s.checksum("sha256:" + "0".repeat(64))));
    addLink("a deactivated link", link(s -> s.deactivated(true)));
    Image earlier = link(s -> s);
    earlier.setStatus(new LinkReconciliation(links, clock).of(earlier));

    Fixtures.withStatus(root, s -> s.digest("sha256:" + "cd".repeat(32)));
    addLink("a link to an Image whose bytes changed", earlier);
    root.setSpec(image("golden", s -> s.deactivated(true)).getSpec());
    addLink("a link to a deactivated Image", link(s -> s));
    put(link(s -> s));
    put(image("second", s -> s.source(source("lab", "link"))));
    addLink("a link to a link to a link", image("third", s -> s.source(source("lab", "second"))));
  }

  private void audiences() {
    for (Visibility visibility : Visibility.values()) {
      audience("visibility " + visibility, image("ubuntu", s -> s.visibility(visibility)));
    }
    audience(
        "public and hidden", image("ubuntu", s -> s.visibility(Visibility.PUBLIC).hidden(true)));
    audience(
        "public and deactivated",
        image("ubuntu", s -> s.visibility(Visibility.PUBLIC).deactivated(true)));
  }

  private void audience(String example, Image image) {
    ImageStatus status =
        PublishedCondition.on(ImageStatus.empty(), Sharing.of(image, List.of()), 0, clock);
    table.add(example, status.conditions());
  }

  private ImageStatus active(
      UnaryOperator<ImageSpecBuilder> spec, List<String> asked, String... stores) {
    Image image = withBytes(image("ubuntu", spec), stores);
    return status(image)
        .active(new Replicas(image.getStatus().stores(), asked, image.getSpec().minAvailable()));
  }

  private ImageStatus bad(CopyState state, String message) {
    Image image = withBytes(image("ubuntu"), "fast");
    return status(image)
        .active(
            new Replicas(
                List.of(new StoreCopy("fast", state, 3L << 20, null, message)),
                List.of("fast"),
                null));
  }

  private ImageStatusCalculator status(Image image) {
    return new ImageStatusCalculator(image, clock);
  }

  private Image link(UnaryOperator<ImageSpecBuilder> spec) {
    return image("link", s -> spec.apply(s.source(source("lab", "golden"))));
  }

  private static ImageSource source(String namespace, String name) {
    return ImageSourceBuilder.builder().image(new ImageReference(namespace, name)).build();
  }

  private static ChecksumFromSpec checksumFrom() {
    return new ChecksumFromSpec("https://images.example/SHA256SUMS", null, null);
  }

  private Image put(Image image) {
    images.put(image.getMetadata().getNamespace() + "/" + image.getMetadata().getName(), image);
    return image;
  }

  private void ready(Image image) {
    Fixtures.withStatus(
        image,
        status ->
            status.conditions(
                Conditions.after(List.of(), 1L, clock).ready("Available", "Stored.").list()));
  }

  private void add(String example, ImageStatus status) {
    table.add(example, status.conditions());
  }

  private void addLink(String example, Image link) {
    table.add(example, new LinkReconciliation(links, clock).of(link).conditions());
  }
}
