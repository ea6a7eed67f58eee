package dev.darkroom.controller.image;

import dev.darkroom.access.Audience;
import dev.darkroom.access.Sharing;
import dev.darkroom.api.ImageStatus;
import dev.darkroom.api.ImageStatusBuilder;
import dev.darkroom.api.Visibility;
import dev.darkroom.controller.support.Conditions;
import java.time.Clock;

/** Adds the condition Published and the member counts to the status of an image. */
final class PublishedCondition {

  private static final String PUBLISHED = "Published";

  private PublishedCondition() {}

  /**
   * The status with condition and counts.
   *
   * @param leftOut the number of subjects that the RoleBinding leaves out, for its maximum
   */
  static ImageStatus on(ImageStatus status, Sharing sharing, int leftOut, Clock clock) {
    Audience audience = Audience.of(sharing, leftOut);
    Conditions conditions =
        Conditions.after(status.conditions(), sharing.image().getMetadata().getGeneration(), clock);
    if (audience.reach() == Audience.Reach.OUTSIDE) {
      conditions.setTrue(PUBLISHED, audience.reason(), audience.who());
    } else {
      conditions.setFalse(PUBLISHED, audience.reason(), audience.who());
    }
    boolean counted =
        sharing.image().getSpec().visibility() == Visibility.SHARED || !sharing.members().isEmpty();
    return ImageStatusBuilder.builder(status)
        .members(counted ? sharing.counts() : null)
        .conditions(conditions.list())
        .build();
  }
}
