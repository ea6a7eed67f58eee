package dev.darkroom.controller.sharing;

import dev.darkroom.api.ImageMember;
import dev.darkroom.api.ImageMemberStatus;
import dev.darkroom.api.ImageMemberStatusBuilder;
import dev.darkroom.api.ObjectReference;
import dev.darkroom.controller.support.Conditions;
import dev.darkroom.controller.support.ProgressReason;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Reason;
import io.fabric8.kubernetes.api.model.Namespace;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Works out what the status of a member says next. */
final class MemberStatusCalculator {

  private final ImageMember member;
  private final ImageMemberStatus before;
  private final Optional<Namespace> namespace;
  private final Clock clock;

  /**
   * Begins with what it says now.
   *
   * @param namespace that it is offered to, if it is there
   */
  MemberStatusCalculator(ImageMember member, Optional<Namespace> namespace, Clock clock) {
    this.member = member;
    this.before = Objects.requireNonNullElseGet(member.getStatus(), ImageMemberStatus::empty);
    this.namespace = namespace;
    this.clock = clock;
  }

  /** The namespace has not answered. */
  ImageMemberStatus offered() {
    return next(
        Optional.empty(),
        conditions ->
            conditions.resting(
                ProgressReason.OFFERED.apiName(),
                "Namespace "
                    + member.getSpec().namespace()
                    + " may read the image by its name; it has not accepted it into its list yet."));
  }

  /** The namespace has the image in its list. */
  ImageMemberStatus accepted() {
    return next(
        Optional.of(MemberLink.name(member)),
        conditions ->
            conditions.ready(
                ProgressReason.ACCEPTED.apiName(),
                "Namespace "
                    + member.getSpec().namespace()
                    + " has it as Image "
                    + MemberLink.name(member)
                    + "."));
  }

  /** The namespace does not want it. */
  ImageMemberStatus rejected() {
    return next(
        Optional.empty(),
        conditions ->
            conditions.resting(
                ProgressReason.REJECTED.apiName(),
                "Namespace " + member.getSpec().namespace() + " does not want the image."));
  }

  /** Something is in the way of what was offered. */
  ImageMemberStatus held(Failure failure) {
    String reason = failure.reason().apiName();
    return next(
        Optional.empty(),
        conditions ->
            failure.reason().recovery() == Reason.Recovery.TERMINAL
                ? conditions.stalled(reason, failure.message())
                : conditions.resting(reason, failure.message()));
  }

  private ImageMemberStatus next(Optional<String> link, UnaryOperator<Conditions> say) {
    Long generation = member.getMetadata().getGeneration();
    return ImageMemberStatusBuilder.builder()
        .observedGeneration(generation)
        .namespaceUid(
            namespace.map(found -> found.getMetadata().getUid()).orElse(before.namespaceUid()))
        .link(link.map(ObjectReference::new).orElse(null))
        .conditions(say.apply(Conditions.after(before.conditions(), generation, clock)).list())
        .build();
  }
}
