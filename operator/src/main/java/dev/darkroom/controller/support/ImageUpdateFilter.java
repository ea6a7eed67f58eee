package dev.darkroom.controller.support;

import dev.darkroom.api.ApiGroup;
import dev.darkroom.api.Image;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import java.util.Map;
import java.util.Objects;

/**
 * Selects the updates of an Image that trigger a reconcile: of the spec, the deletion timestamp,
 * the finalizers, and the annotations for retry and scrub. The operator itself writes the status.
 */
public final class ImageUpdateFilter implements OnUpdateFilter<Image> {

  @Override
  public boolean accept(Image now, Image before) {
    return !Objects.equals(now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
        || !Objects.equals(
            now.getMetadata().getDeletionTimestamp(), before.getMetadata().getDeletionTimestamp())
        || !Objects.equals(now.getMetadata().getFinalizers(), before.getMetadata().getFinalizers())
        || !Objects.equals(
            annotation(now, ApiGroup.RETRY_ANNOTATION),
            annotation(before, ApiGroup.RETRY_ANNOTATION))
        || !Objects.equals(
            annotation(now, ApiGroup.SCRUB_ANNOTATION),
            annotation(before, ApiGroup.SCRUB_ANNOTATION));
  }

  private static String annotation(Image image, String name) {
    Map<String, String> annotations = image.getMetadata().getAnnotations();
    return annotations == null ? null : annotations.get(name);
  }
}
