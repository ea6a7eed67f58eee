package dev.darkroom.controller.sharing;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageStatus;
import dev.darkroom.controller.support.Conditions;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Selects the updates of an Image that other namespaces may see: of spec, labels and bytes. */
public final class AccessUpdateFilter implements OnUpdateFilter<Image> {

  @Override
  public boolean accept(Image now, Image before) {
    return !visible(now).equals(visible(before));
  }

  private static List<Object> visible(Image image) {
    ImageStatus status = Objects.requireNonNullElseGet(image.getStatus(), ImageStatus::empty);
    return Arrays.asList(
        image.getMetadata().getUid(),
        image.getMetadata().getGeneration(),
        image.getMetadata().getLabels(),
        status.digest(),
        status.diskFormat(),
        status.link(),
        Conditions.isTrue(status.conditions(), Conditions.READY));
  }
}
