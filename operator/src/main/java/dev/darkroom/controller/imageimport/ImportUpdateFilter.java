package dev.darkroom.controller.imageimport;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageStatus;
import dev.darkroom.controller.support.ImageUpdateFilter;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Which updates of an Image are worth a look to its imports: of what the Image asks for, and of
 * whose turn it is. That its status follows an import's progress is not, or each would make the
 * other write again as fast as bytes move.
 */
final class ImportUpdateFilter implements OnUpdateFilter<Image> {

  private static final ImageUpdateFilter ASKED = new ImageUpdateFilter();

  @Override
  public boolean accept(Image now, Image before) {
    return ASKED.accept(now, before) || !turn(now).equals(turn(before));
  }

  private static List<Object> turn(Image image) {
    ImageStatus status = Objects.requireNonNullElseGet(image.getStatus(), ImageStatus::empty);
    return Arrays.asList(status.phase(), status.importRef(), status.digest());
  }
}
