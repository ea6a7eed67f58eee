package dev.darkroom.controller.sharing;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageStatus;
import dev.darkroom.controller.support.Conditions;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Which updates of an Image others may see something of: of its spec, its labels, its bytes. */
public final class AccessUpdateFilter implements OnUpdateFilter<Image> {

  @Override
  public boolean accept(Image now, Image before) {
    return !seen(now).equals(seen(before));
  }

  private static List<Object> seen(Image image) {
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
