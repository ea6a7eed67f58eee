package dev.darkroom.controller.support;

import static dev.darkroom.controller.Fixtures.image;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.Image;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManagedFieldsStripperTest {

  @Test
  void managedFieldsAreRemoved() {
    Image image = image("ubuntu");
    image.getMetadata().setManagedFields(List.of(new ManagedFieldsEntry()));
    ManagedFieldsStripper<Image> store = new ManagedFieldsStripper<>();

    store.put(store.getKey(image), image);

    assertThat(store.get("lab/ubuntu").getMetadata().getManagedFields()).isEmpty();
    assertThat(store.get("lab/ubuntu").getSpec()).isEqualTo(image("ubuntu").getSpec());
  }
}
