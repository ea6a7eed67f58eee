package dev.darkroom.e2e.scenario;

import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;

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

/** Base class of scenarios with two namespaces: the tenant owns images, the other one uses them. */
public abstract class SharingScenario extends ImportScenario {

  protected Tenant other;

  @BeforeEach
  protected final void openOther() {
    other = Tenant.create(cluster.client());
  }

  @AfterEach
  protected final void removeOther() throws IOException {
    // Stop first: otherwise the operator writes objects that are being removed.
    stopOperator();
    if (other != null) {
      other.close();
    }
  }

  /** Creates an image of the tenant and waits until it is Ready. */
  protected final Image owned(String name, Visibility visibility) {
    return owned(name, spec -> spec.visibility(visibility));
  }

  /** Creates an image of the tenant with an empty qcow2 disk and waits until it is Ready. */
  protected final Image owned(String name, UnaryOperator<ImageSpecBuilder> spec) {
    return owned(name, Disk.qcow2(), spec);
  }

  /** Creates an image of the tenant with this disk and waits until it is Ready. */
  protected final Image owned(String name, Disk disk, UnaryOperator<ImageSpecBuilder> spec) {
    web.on("/" + name, WebResponses.bytes(disk));
    tenant.createImage(name, spec.apply(from("/" + name)).build());
    return tenant.await(Image.class, name, ready());
  }

  /** An image whose source is an image of the tenant: a link, or a copy if it names stores. */
  protected final ImageSpecBuilder linkTo(String name) {
    return linkTo(tenant, name);
  }

  /** An image whose source is an image of this owner. */
  protected static ImageSpecBuilder linkTo(Tenant owner, String name) {
    ImageSource source =
        ImageSourceBuilder.builder().image(new ImageReference(owner.namespace(), name)).build();
    return ImageSpecBuilder.builder().source(source);
  }
}
