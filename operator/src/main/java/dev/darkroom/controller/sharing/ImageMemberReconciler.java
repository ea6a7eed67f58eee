package dev.darkroom.controller.sharing;

import dev.darkroom.access.Grant;
import dev.darkroom.access.Sharing;
import dev.darkroom.access.SubjectResolver;
import dev.darkroom.api.ApiGroup;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageMember;
import dev.darkroom.api.ImageMemberStatus;
import dev.darkroom.api.Visibility;
import dev.darkroom.controller.support.Conditions;
import dev.darkroom.controller.support.DeletionTimeout;
import dev.darkroom.controller.support.EventRecorder;
import dev.darkroom.controller.support.LogContext;
import dev.darkroom.controller.support.OwnedObjectApplier;
import dev.darkroom.controller.support.PrerequisiteException;
import dev.darkroom.controller.support.ProgressReason;
import dev.darkroom.controller.support.SharedCaches;
import dev.darkroom.controller.support.SharedInformers;
import dev.darkroom.controller.support.StatusWriter;
import dev.darkroom.transfer.model.Reason;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reconciles ImageMembers: gives the subjects of the member's namespace the permission to answer
 * the offer, and creates the link once the offer is accepted. A member is deleted with its image
 * and with its namespace; a later image or namespace of the same name inherits nothing.
 */
@ControllerConfiguration(name = "imagemember", finalizerName = ApiGroup.FINALIZER)
public final class ImageMemberReconciler implements Reconciler<ImageMember>, Cleaner<ImageMember> {

  private static final Logger LOG = LoggerFactory.getLogger(ImageMemberReconciler.class);

  private final MemberLink link;
  private final SharedCaches caches;
  private final SharingEventRouter router;
  private final OwnedObjectApplier applier;
  private final DeletionTimeout deletions;
  private final EventRecorder events;
  private final Clock clock;
  private final StatusWriter<ImageMemberStatus, ImageMember> status;

  /** Reconciles with the objects in the caches. */
  public ImageMemberReconciler(
      MemberLink link,
      SharedInformers informers,
      SharedCaches caches,
      SharingEventRouter router,
      OwnedObjectApplier applier,
      DeletionTimeout deletions,
      EventRecorder events,
      Clock clock) {
    this.link = link;
    this.caches = caches;
    this.router = router;
    this.applier = applier;
    this.deletions = deletions;
    this.events = events;
    this.clock = clock;
    this.status =
        new StatusWriter<>(
            events, ImageMemberStatus::conditions, informers.members()::awaitWritten);
  }

  @Override
  public List<EventSource<?, ImageMember>> prepareEventSources(
      EventSourceContext<ImageMember> context) {
    SimpleInboundEventSource<ImageMember> changes = new SimpleInboundEventSource<>("sharing");
    router.deliver(SharingEventRouter.Topic.MEMBER, changes::propagateEvent);
    return List.of(changes);
  }

  @Override
  public UpdateControl<ImageMember> reconcile(ImageMember member, Context<ImageMember> context) {
    try (var log = LogContext.of(member)) {
      Optional<Namespace> namespace =
          caches
              .namespace(member.getSpec().namespace())
              .filter(found -> found.getMetadata().getDeletionTimestamp() == null);
      if (isForEarlierNamespace(member, namespace)) {
        deleteWithNamespace(member);
        return UpdateControl.noUpdate();
      }
      if (isOfEarlierImage(member)) {
        // The garbage collector would delete it, too, but later.
        applier.delete(member);
        return UpdateControl.noUpdate();
      }
      MemberStatusCalculator next = new MemberStatusCalculator(member, namespace, clock);
      ImageMember current = member;
      try {
        Image image = image(member);
        // The status is written to the object as the API server returned it.
        current = belongingTo(image, member);
        next = new MemberStatusCalculator(current, namespace, clock);
        grantAnswer(current);
        requireShared(current, image, namespace);
        status.write(current, answered(current, image, next), context);
      } catch (PrerequisiteException e) {
        link.remove(current);
        status.write(current, next.held(e.failure()), context);
      }
      return UpdateControl.noUpdate();
    }
  }

  @Override
  public DeleteControl cleanup(ImageMember member, Context<ImageMember> context) {
    try (var log = LogContext.of(member)) {
      try {
        link.removeForGood(member);
      } catch (KubernetesClientException e) {
        if (!deletions.overdue(member)) {
          throw e;
        }
        // The link gives no access without its member. It must not block the deletion.
        LOG.warn("The link in namespace {} is not deleted", member.getSpec().namespace(), e);
      }
      return DeleteControl.defaultDelete();
    }
  }

  /** Whether the member was made for a namespace that is gone or being deleted. */
  private static boolean isForEarlierNamespace(ImageMember member, Optional<Namespace> now) {
    return member.getStatus() != null
        && member.getStatus().namespaceUid() != null
        && now.filter(n -> n.getMetadata().getUid().equals(member.getStatus().namespaceUid()))
            .isEmpty();
  }

  /** Whether the member was made for an image that is gone; another one may have its name. */
  private boolean isOfEarlierImage(ImageMember member) {
    Optional<String> now =
        caches
            .image(member.getMetadata().getNamespace(), member.getSpec().imageRef().name())
            .map(image -> image.getMetadata().getUid());
    return member.getMetadata().getOwnerReferences().stream()
        .filter(owner -> owner.getKind().equals(Image.class.getSimpleName()))
        .anyMatch(owner -> now.filter(owner.getUid()::equals).isEmpty());
  }

  private void deleteWithNamespace(ImageMember member) {
    caches
        .image(member.getMetadata().getNamespace(), member.getSpec().imageRef().name())
        .ifPresent(
            image ->
                events.record(
                    image,
                    EventRecorder.Severity.NORMAL,
                    Reason.NAMESPACE_MISSING.apiName(),
                    "Namespace "
                        + member.getSpec().namespace()
                        + " is gone, and with it ImageMember "
                        + member.getMetadata().getName()
                        + "."));
    applier.delete(member);
  }

  private Image image(ImageMember member) throws PrerequisiteException {
    String name = member.getSpec().imageRef().name();
    return caches
        .image(member.getMetadata().getNamespace(), name)
        .filter(found -> found.getMetadata().getDeletionTimestamp() == null)
        .filter(found -> Sharing.isOf(member, found))
        .orElseThrow(
            () ->
                new PrerequisiteException(
                    Reason.IMAGE_NOT_VISIBLE, "There is no Image " + name + " in this namespace."));
  }

  private ImageMember belongingTo(Image image, ImageMember member) {
    OwnerReference wanted =
        new OwnerReferenceBuilder()
            .withApiVersion(image.getApiVersion())
            .withKind(image.getKind())
            .withName(image.getMetadata().getName())
            .withUid(image.getMetadata().getUid())
            .build();
    return member.getMetadata().getOwnerReferences().stream()
            .anyMatch(owner -> owner.getUid().equals(wanted.getUid()))
        ? member
        : applier.own(member, wanted);
  }

  private void grantAnswer(ImageMember member) {
    applier.settle(
        member.getMetadata().getNamespace(),
        Grant.nameOfMember(member.getMetadata().getName()),
        Grant.ofMember(
            member,
            caches.people(SubjectResolver.Permission.ANSWER, member.getSpec().namespace())));
  }

  private void requireShared(ImageMember member, Image image, Optional<Namespace> namespace)
      throws PrerequisiteException {
    String to = member.getSpec().namespace();
    if (to.equals(member.getMetadata().getNamespace())) {
      throw new PrerequisiteException(
          Reason.INVALID_SOURCE,
          "The image itself is in namespace " + to + "; an offer is for another namespace.");
    }
    if (image.getSpec().visibility() != Visibility.SHARED) {
      throw new PrerequisiteException(
          Reason.IMAGE_NOT_SHARED,
          "Image " + image.getMetadata().getName() + " does not have the visibility Shared.");
    }
    if (caches.sharing(image).leavesOut(member)) {
      throw new PrerequisiteException(
          Reason.TOO_MANY_MEMBERS,
          "Image "
              + image.getMetadata().getName()
              + " has more than "
              + Sharing.MAX_MEMBERS
              + " members; this one is among the youngest and does not count.");
    }
    if (namespace.isEmpty()) {
      throw new PrerequisiteException(
          Reason.NAMESPACE_MISSING, "There is no namespace " + to + ".");
    }
  }

  private ImageMemberStatus answered(ImageMember member, Image image, MemberStatusCalculator next)
      throws PrerequisiteException {
    switch (member.getSpec().acceptance()) {
      case PENDING -> {
        link.remove(member);
        offer(member, image);
        return next.offered();
      }
      case REJECTED -> {
        link.remove(member);
        return next.rejected();
      }
      case ACCEPTED -> {
        return accepted(member, image, next);
      }
    }
    throw new IllegalStateException("unknown acceptance " + member.getSpec().acceptance());
  }

  private ImageMemberStatus accepted(ImageMember member, Image image, MemberStatusCalculator next)
      throws PrerequisiteException {
    if (link.make(member, image) == MemberLink.State.TAKEN) {
      throw new PrerequisiteException(
          Reason.NAME_TAKEN,
          "Namespace "
              + member.getSpec().namespace()
              + " has another Image "
              + MemberLink.name(member)
              + "; remove it, or offer this one under another name with spec.linkName.");
    }
    // A link that is being deleted is created again when it is gone.
    return next.accepted();
  }

  /** Records an Event in the other namespace, once for each offer. */
  private void offer(ImageMember member, Image image) {
    boolean recorded =
        member.getStatus() != null
            && Conditions.find(member.getStatus().conditions(), Conditions.READY)
                .filter(c -> c.getReason().equals(ProgressReason.OFFERED.apiName()))
                .isPresent();
    if (recorded) {
      return;
    }
    events.recordInNamespace(
        member.getSpec().namespace(),
        ProgressReason.IMAGE_OFFERED.apiName(),
        "Namespace %s offers its Image %s. To accept it: kubectl patch imgm -n %s %s --type merge -p '{\"spec\":{\"acceptance\":\"Accepted\"}}'"
            .formatted(
                image.getMetadata().getNamespace(),
                image.getMetadata().getName(),
                member.getMetadata().getNamespace(),
                member.getMetadata().getName()));
  }
}
