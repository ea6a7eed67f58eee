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

/** Calculates the next status of an ImageMember. */
final class MemberStatusCalculator {

  private final ImageMember member;
  private final ImageMemberStatus before;
  private final Optional<Namespace> namespace;
  private final Clock clock;

  /**
   * Starts from the last status.
   *
   * @param namespace the member namespace; empty when it does not exist
   */
  MemberStatusCalculator(ImageMember member, Optional<Namespace> namespace, Clock clock) {
    this.member = member;
    this.before = Objects.requireNonNullElseGet(member.getStatus(), ImageMemberStatus::empty);
    this.namespace = namespace;
    this.clock = clock;
  }

  /** The namespace has not answered the offer. */
  ImageMemberStatus offered() {
    return next(
        Optional.empty(),
        conditions ->
            conditions.resting(
                ProgressReason.OFFERED.apiName(),
                "Namespace "
                    + member.getSpec().namespace()
                    + " may read the Image by its name; it has not answered the offer yet."));
  }

  /** The namespace accepted the offer and has a link. */
  ImageMemberStatus accepted() {
    return next(
        Optional.of(MemberLink.name(member)),
        conditions ->
            conditions.ready(
                ProgressReason.ACCEPTED.apiName(),
                "Namespace "
                    + member.getSpec().namespace()
                    + " accepted the offer and has the link "
                    + MemberLink.name(member)
                    + "."));
  }

  /** The namespace rejected the offer. */
  ImageMemberStatus rejected() {
    return next(
        Optional.empty(),
        conditions ->
            conditions.resting(
                ProgressReason.REJECTED.apiName(),
                "Namespace " + member.getSpec().namespace() + " rejected the offer."));
  }

  /** An obstacle prevents the offer or the link. */
  ImageMemberStatus held(Failure failure) {
    String reason = failure.reason().apiName();
    return next(
        Optional.empty(),
        conditions ->
            failure.reason().recovery() == Reason.Recovery.TERMINAL
                ? conditions.stalled(reason, failure.message())
                : conditions.resting(reason, failure.message()));
  }

  private ImageMemberStatus next(Optional<String> link, UnaryOperator<Conditions> change) {
    Long generation = member.getMetadata().getGeneration();
    return ImageMemberStatusBuilder.builder()
        .observedGeneration(generation)
        .namespaceUid(
            namespace.map(found -> found.getMetadata().getUid()).orElse(before.namespaceUid()))
        .link(link.map(ObjectReference::new).orElse(null))
        .conditions(change.apply(Conditions.after(before.conditions(), generation, clock)).list())
        .build();
  }
}
