package dev.darkroom.controller.image;

import dev.darkroom.access.Audience;
import dev.darkroom.access.Sharing;
import dev.darkroom.api.ImageStatus;
import dev.darkroom.api.ImageStatusBuilder;
import dev.darkroom.api.Visibility;
import dev.darkroom.controller.support.Conditions;
import java.time.Clock;

/** What the status of every image says of who may see it. */
final class PublishedCondition {

  private static final String PUBLISHED = "Published";

  private PublishedCondition() {}

  /**
   * The status, with that added.
   *
   * @param leftOut how many people of its members there are too many to be let at it
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
    boolean tells =
        sharing.image().getSpec().visibility() == Visibility.SHARED || !sharing.members().isEmpty();
    return ImageStatusBuilder.builder(status)
        .members(tells ? sharing.counts() : null)
        .conditions(conditions.list())
        .build();
  }
}
