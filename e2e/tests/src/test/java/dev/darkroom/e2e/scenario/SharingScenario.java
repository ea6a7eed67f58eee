package dev.darkroom.e2e.scenario;

import static dev.darkroom.e2e.scenario.States.ready;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageReference;
import dev.darkroom.api.ImageSource;
import dev.darkroom.api.ImageSourceBuilder;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.Visibility;
import java.io.IOException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Scenarios with two namespaces: the tenant owns images, the other one would like to see them. */
abstract class SharingScenario extends ImportScenario {

  Tenant other;

  @BeforeEach
  final void openOther() {
    other = Tenant.create(cluster.client());
  }

  @AfterEach
  final void removeOther() throws IOException {
    // Or it would go on writing what is being removed.
    stopOperator();
    if (other != null) {
      other.close();
    }
  }

  /** An image of the tenant that has bytes. */
  final Image owned(String name, Visibility visibility) {
    return owned(name, spec -> spec.visibility(visibility));
  }

  final Image owned(String name, UnaryOperator<ImageSpecBuilder> spec) {
    return owned(name, Disk.qcow2(), spec);
  }

  final Image owned(String name, Disk disk, UnaryOperator<ImageSpecBuilder> spec) {
    web.on("/" + name, Answers.bytes(disk));
    tenant.createImage(name, spec.apply(from("/" + name)).build());
    return tenant.await(Image.class, name, ready());
  }

  /** What makes an image a link to one of the tenant's, or with stores a copy of it. */
  final ImageSpecBuilder linkTo(String name) {
    return linkTo(tenant, name);
  }

  static ImageSpecBuilder linkTo(Tenant owner, String name) {
    ImageSource source =
        ImageSourceBuilder.builder().image(new ImageReference(owner.namespace(), name)).build();
    return ImageSpecBuilder.builder().source(source);
  }
}
