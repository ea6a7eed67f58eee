package dev.darkroom.controller.imageimport;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageStatus;
import dev.darkroom.controller.support.ImageUpdateFilter;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Selects the updates of an Image that its imports reconcile: of its spec, and of its phase, import
 * or digest. Progress in the status of an Image does not count: import and Image would cause
 * updates of each other without end.
 */
final class ImportUpdateFilter implements OnUpdateFilter<Image> {

  private static final ImageUpdateFilter SPEC = new ImageUpdateFilter();

  @Override
  public boolean accept(Image now, Image before) {
    return SPEC.accept(now, before) || !state(now).equals(state(before));
  }

  private static List<Object> state(Image image) {
    ImageStatus status = Objects.requireNonNullElseGet(image.getStatus(), ImageStatus::empty);
    return Arrays.asList(status.phase(), status.importRef(), status.digest());
  }
}
