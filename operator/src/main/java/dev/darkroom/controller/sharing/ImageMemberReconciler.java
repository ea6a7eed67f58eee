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
 * Lets a namespace answer the offer of an image, and gives it the link that it accepted. A member
 * goes with its image, and with the namespace that it is for: neither a later image nor a later
 * namespace of the same name inherits what was agreed.
 */
@ControllerConfiguration(name = "imagemember", finalizerName = ApiGroup.FINALIZER)
public final class ImageMemberReconciler implements Reconciler<ImageMember>, Cleaner<ImageMember> {

  private static final Logger LOG = LoggerFactory.getLogger(ImageMemberReconciler.class);

  private final MemberLink link;
  private final SharedCaches around;
  private final SharingEventRouter wakes;
  private final OwnedObjectApplier declarations;
  private final DeletionTimeout deletions;
  private final EventRecorder events;
  private final Clock clock;
  private final StatusWriter<ImageMemberStatus, ImageMember> status;

  public ImageMemberReconciler(
      MemberLink link,
      SharedCaches around,
      SharingEventRouter wakes,
      OwnedObjectApplier declarations,
      DeletionTimeout deletions,
      EventRecorder events,
      Clock clock) {
    this.link = link;
    this.around = around;
    this.wakes = wakes;
    this.declarations = declarations;
    this.deletions = deletions;
    this.events = events;
    this.clock = clock;
    this.status = new StatusWriter<>(events, ImageMemberStatus::conditions);
  }

  @Override
  public List<EventSource<?, ImageMember>> prepareEventSources(
      EventSourceContext<ImageMember> context) {
    SimpleInboundEventSource<ImageMember> changes = new SimpleInboundEventSource<>("sharing");
    wakes.deliver(SharingEventRouter.Topic.MEMBER, changes::propagateEvent);
    return List.of(changes);
  }

  @Override
  public UpdateControl<ImageMember> reconcile(ImageMember member, Context<ImageMember> context) {
    try (var log = LogContext.of(member)) {
      Optional<Namespace> namespace =
          around
              .namespace(member.getSpec().namespace())
              .filter(found -> found.getMetadata().getDeletionTimestamp() == null);
      if (isForAnEarlierOne(member, namespace)) {
        leave(member);
        return UpdateControl.noUpdate();
      }
      if (isOfAnEarlierOne(member)) {
        // The garbage collector would do it too, in its time.
        declarations.delete(member);
        return UpdateControl.noUpdate();
      }
      MemberStatusCalculator view = new MemberStatusCalculator(member, namespace, clock);
      ImageMember current = member;
      try {
        Image image = image(member);
        // What is written next must be about what came of this.
        current = belongingTo(image, member);
        view = new MemberStatusCalculator(current, namespace, clock);
        answerable(current);
        requireShared(current, image, namespace);
        status.write(current, answered(current, image, view), context);
      } catch (PrerequisiteException e) {
        link.remove(current);
        status.write(current, view.held(e.failure()), context);
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
        // The link shows nothing any more by itself; it must not keep its namespace from going.
        LOG.warn("The link in namespace {} is left there", member.getSpec().namespace(), e);
      }
      return DeleteControl.defaultDelete();
    }
  }

  /** The namespace that it was for is gone, or on its way out; there may be a later one. */
  private static boolean isForAnEarlierOne(ImageMember member, Optional<Namespace> now) {
    return member.getStatus() != null
        && member.getStatus().namespaceUid() != null
        && now.filter(n -> n.getMetadata().getUid().equals(member.getStatus().namespaceUid()))
            .isEmpty();
  }

  /** The image that it was made for is gone; there may be a later one. */
  private boolean isOfAnEarlierOne(ImageMember member) {
    Optional<String> now =
        around
            .image(member.getMetadata().getNamespace(), member.getSpec().imageRef().name())
            .map(image -> image.getMetadata().getUid());
    return member.getMetadata().getOwnerReferences().stream()
        .filter(owner -> owner.getKind().equals(Image.class.getSimpleName()))
        .anyMatch(owner -> now.filter(owner.getUid()::equals).isEmpty());
  }

  private void leave(ImageMember member) {
    around
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
    declarations.delete(member);
  }

  private Image image(ImageMember member) throws PrerequisiteException {
    String name = member.getSpec().imageRef().name();
    return around
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
        : declarations.own(member, wanted);
  }

  private void answerable(ImageMember member) {
    declarations.settle(
        member.getMetadata().getNamespace(),
        Grant.nameOfMember(member.getMetadata().getName()),
        Grant.ofMember(
            member,
            around.people(SubjectResolver.Permission.ANSWER, member.getSpec().namespace())));
  }

  private void requireShared(ImageMember member, Image image, Optional<Namespace> namespace)
      throws PrerequisiteException {
    String to = member.getSpec().namespace();
    if (to.equals(member.getMetadata().getNamespace())) {
      throw new PrerequisiteException(
          Reason.INVALID_SOURCE, "The image is in namespace " + to + "; it needs no offer there.");
    }
    if (image.getSpec().visibility() != Visibility.SHARED) {
      throw new PrerequisiteException(
          Reason.IMAGE_NOT_SHARED,
          "Image " + image.getMetadata().getName() + " does not have the visibility Shared.");
    }
    if (around.sharing(image).leavesOut(member)) {
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

  private ImageMemberStatus answered(ImageMember member, Image image, MemberStatusCalculator view)
      throws PrerequisiteException {
    switch (member.getSpec().acceptance()) {
      case PENDING -> {
        link.remove(member);
        offer(member, image);
        return view.offered();
      }
      case REJECTED -> {
        link.remove(member);
        return view.rejected();
      }
      case ACCEPTED -> {
        return accepted(member, image, view);
      }
    }
    throw new IllegalStateException("unknown answer " + member.getSpec().acceptance());
  }

  private ImageMemberStatus accepted(ImageMember member, Image image, MemberStatusCalculator view)
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
    // One that is on its way out is made again as soon as it is gone.
    return view.accepted();
  }

  /** Tells the other namespace, once an offer. */
  private void offer(ImageMember member, Image image) {
    boolean told =
        member.getStatus() != null
            && Conditions.find(member.getStatus().conditions(), Conditions.READY)
                .filter(c -> c.getReason().equals(ProgressReason.OFFERED.apiName()))
                .isPresent();
    if (told) {
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
