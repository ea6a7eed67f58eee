package dev.darkroom.controller;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageMember;
import dev.darkroom.api.ImageMemberStatus;
import dev.darkroom.transfer.Reason;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;

/**
 * Says that an image is not shared: every image belongs to its namespace alone as long as no other
 * visibility can be asked for.
 */
@ControllerConfiguration(name = "imagemember")
final class ImageMemberReconciler implements Reconciler<ImageMember> {

  private final Workplace workplace;
  private final StatusWriter<ImageMemberStatus, ImageMember> status;

  ImageMemberReconciler(Workplace workplace) {
    this.workplace = workplace;
    this.status = new StatusWriter<>(workplace.events(), ImageMemberStatus::conditions);
  }

  @Override
  public UpdateControl<ImageMember> reconcile(ImageMember member, Context<ImageMember> context) {
    try (var log = LogContext.of(member)) {
      ImageMemberStatus before =
          member.getStatus() == null ? ImageMemberStatus.empty() : member.getStatus();
      Long generation = member.getMetadata().getGeneration();
      status.write(
          member,
          new ImageMemberStatus(
              generation,
              before.namespaceUid(),
              before.link(),
              Conditions.after(before.conditions(), generation, workplace.clock())
                  .resting(
                      Reason.IMAGE_NOT_SHARED.apiName(),
                      Image.class.getSimpleName()
                          + " "
                          + member.getSpec().imageRef().name()
                          + " does not have the visibility Shared.")
                  .list()),
          context);
      return UpdateControl.noUpdate();
    }
  }
}
