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

/** What becomes of an Image that is a link: no bytes are brought, its root is looked at. */
final class LinkReconciliation {

  private final Links links;
  private final Clock clock;

  LinkReconciliation(Links links, Clock clock) {
    this.links = links;
    this.clock = clock;
  }

  /** The whole status that a link shall have now. */
  ImageStatus of(Image link) {
    LinkStatusCalculator view = new LinkStatusCalculator(link, clock);
    Links.Resolution target = links.follow(link);
    if (target instanceof Links.Resolution.Root root) {
      try {
        requireNothingOfItsOwn(link.getSpec());
        ImportPlanner.requireAgreement(ImportSources.facts(root.image()), link);
        return link.getSpec().deactivated() ? view.withheld() : view.showing(root.image());
      } catch (PrerequisiteException e) {
        return view.held(e.failure());
      }
    }
    return view.obstructed((Links.Resolution.Obstructed) target);
  }

  /** A link shows bytes as they are. */
  private static void requireNothingOfItsOwn(ImageSpec spec) throws PrerequisiteException {
    if (spec.convertTo() != null || spec.checksumFrom() != null) {
      throw new PrerequisiteException(
          Reason.INVALID_SOURCE,
          "A link shows the bytes of another image as they are: remove spec.convertTo and"
              + " spec.checksumFrom, or name stores for a copy.");
    }
  }
}
