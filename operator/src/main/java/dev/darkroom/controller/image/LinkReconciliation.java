package dev.darkroom.controller.image;

import dev.darkroom.access.Links;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageSpec;
import dev.darkroom.api.ImageStatus;
import dev.darkroom.controller.imageimport.ImportPlanner;
import dev.darkroom.controller.imageimport.ImportSources;
import dev.darkroom.controller.support.PrerequisiteException;
import dev.darkroom.transfer.model.Reason;
import java.time.Clock;

/** Works out the status of an Image that is a link, from the image at its end. */
final class LinkReconciliation {

  private final Links links;
  private final Clock clock;

  LinkReconciliation(Links links, Clock clock) {
    this.links = links;
    this.clock = clock;
  }

  /** The complete status of a link. */
  ImageStatus of(Image link) {
    LinkStatusCalculator next = new LinkStatusCalculator(link, clock);
    Links.Resolution target = links.follow(link);
    if (target instanceof Links.Resolution.Root root) {
      try {
        requireNoConversion(link.getSpec());
        ImportPlanner.requireAgreement(ImportSources.facts(root.image()), link);
        return link.getSpec().deactivated() ? next.withheld() : next.showing(root.image());
      } catch (PrerequisiteException e) {
        return next.held(e.failure());
      }
    }
    return next.obstructed((Links.Resolution.Obstructed) target);
  }

  /** A link can neither convert bytes nor compare them with published checksums. */
  private static void requireNoConversion(ImageSpec spec) throws PrerequisiteException {
    if (spec.convertTo() != null || spec.checksumFrom() != null) {
      throw new PrerequisiteException(
          Reason.INVALID_SOURCE,
          "A link shows the bytes of another image as they are: remove spec.convertTo and"
              + " spec.checksumFrom, or name stores for a copy.");
    }
  }
}
