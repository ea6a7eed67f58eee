package dev.darkroom.controller.image;

import dev.darkroom.access.Links;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImagePhase;
import dev.darkroom.api.ImageStatus;
import dev.darkroom.api.ImageStatusBuilder;
import dev.darkroom.api.ImageSummary;
import dev.darkroom.api.LinkTarget;
import dev.darkroom.controller.imageimport.LinkFailures;
import dev.darkroom.controller.support.Conditions;
import dev.darkroom.controller.support.ProgressReason;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Reason;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Clock;
import java.util.List;
import java.util.Objects;

/**
 * Works out the next status of a link: the status of its root, as long as the root is visible. The
 * digest stays in any case, because a link never changes to other bytes.
 */
final class LinkStatusCalculator {

  private static final List<String> MIRRORED =
      List.of(ImageStatusCalculator.VERIFIED, ImageStatusCalculator.REPLICATED);

  private final Image link;
  private final ImageStatus before;
  private final Clock clock;

  LinkStatusCalculator(Image link, Clock clock) {
    this.link = link;
    this.before = Objects.requireNonNullElseGet(link.getStatus(), ImageStatus::empty);
    this.clock = clock;
  }

  /** The link shows the bytes of the root. */
  ImageStatus showing(Image root) {
    ImageStatus facts = root.getStatus();
    Conditions conditions = conditions();
    for (String type : MIRRORED) {
      Conditions.find(facts.conditions(), type)
          .ifPresentOrElse(found -> copy(found, conditions), () -> conditions.drop(type));
    }
    String name = root.getMetadata().getNamespace() + "/" + root.getMetadata().getName();
    boolean ready = Conditions.isTrue(facts.conditions(), Conditions.READY);
    if (ready) {
      conditions.ready(
          ProgressReason.AVAILABLE.apiName(), "The bytes are those of Image " + name + ".");
    } else {
      Condition said = Conditions.find(facts.conditions(), Conditions.READY).orElse(null);
      conditions.reconciling(
          said == null ? Reason.IMAGE_NOT_READY.apiName() : said.getReason(),
          "Image " + name + " is not Ready" + (said == null ? "." : ": " + said.getMessage()));
    }
    return next()
        .phase(facts.phase())
        .progress(facts.progress())
        .digest(facts.digest())
        .checksums(facts.checksums())
        .size(facts.size())
        .virtualSize(facts.virtualSize())
        .diskFormat(facts.diskFormat())
        .stores(facts.stores())
        .summary(facts.summary())
        .link(
            new LinkTarget(
                root.getMetadata().getNamespace(),
                root.getMetadata().getName(),
                root.getMetadata().getUid()))
        .conditions(conditions.list())
        .build();
  }

  /** The reference of the link leads to no bytes. */
  ImageStatus obstructed(Links.Resolution.Obstructed not) {
    return held(LinkFailures.of(not));
  }

  /** The link is deactivated by its own spec. */
  ImageStatus withheld() {
    return without(
        Reason.IMAGE_DEACTIVATED,
        conditions()
            .resting(
                Reason.IMAGE_DEACTIVATED.apiName(),
                "spec.deactivated is true: this link gives no bytes."));
  }

  /** A failure keeps the link from showing the root. */
  ImageStatus held(Failure failure) {
    Reason reason = failure.reason();
    return without(
        reason,
        isOver(reason)
            ? conditions().stalled(reason.apiName(), failure.message())
            : conditions().reconciling(reason.apiName(), failure.message()));
  }

  private ImageStatus without(Reason reason, Conditions conditions) {
    MIRRORED.forEach(conditions::drop);
    return next()
        .phase(phase(reason))
        .progress(reason.apiName())
        .stores(List.of())
        .summary(
            before.summary() == null
                ? null
                : new ImageSummary(before.summary().size(), before.summary().virtualSize(), null))
        .conditions(conditions.list())
        .build();
  }

  private static boolean isOver(Reason reason) {
    return reason.recovery() == Reason.Recovery.TERMINAL;
  }

  private ImagePhase phase(Reason reason) {
    if (isOver(reason)) {
      return ImagePhase.FAILED;
    }
    if (reason == Reason.IMAGE_DEACTIVATED) {
      return ImagePhase.DEACTIVATED;
    }
    return before.digest() == null ? ImagePhase.QUEUED : ImagePhase.DEGRADED;
  }

  private static void copy(Condition found, Conditions to) {
    if ("True".equals(found.getStatus())) {
      to.setTrue(found.getType(), found.getReason(), found.getMessage());
    } else {
      to.setFalse(found.getType(), found.getReason(), found.getMessage());
    }
  }

  private Conditions conditions() {
    return Conditions.after(before.conditions(), link.getMetadata().getGeneration(), clock);
  }

  private ImageStatusBuilder next() {
    return ImageStatusBuilder.builder(before)
        .observedGeneration(link.getMetadata().getGeneration())
        .imageID(link.getMetadata().getUid())
        .importRef(null);
  }
}
