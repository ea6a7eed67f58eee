package dev.darkroom.controller;

import dev.darkroom.api.ApiGroup;
import dev.darkroom.api.Image;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import java.util.Map;
import java.util.Objects;

/**
 * Which updates of an Image are worth a look: of its spec, of its retry annotation, and its
 * deletion. Its status is our own.
 */
public final class ImageChanges implements OnUpdateFilter<Image> {

  @Override
  public boolean accept(Image now, Image before) {
    return !Objects.equals(now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
        || !Objects.equals(
            now.getMetadata().getDeletionTimestamp(), before.getMetadata().getDeletionTimestamp())
        || !Objects.equals(now.getMetadata().getFinalizers(), before.getMetadata().getFinalizers())
        || !Objects.equals(retry(now), retry(before));
  }

  private static String retry(Image image) {
    Map<String, String> annotations = image.getMetadata().getAnnotations();
    return annotations == null ? null : annotations.get(ApiGroup.RETRY_ANNOTATION);
  }
}
