package dev.darkroom.controller.imageimport;

import dev.darkroom.access.Links;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Reason;

/** Maps the obstacles of a reference between Images to reasons of the API. */
public final class LinkFailures {

  private LinkFailures() {}

  /** The failure of a reference that leads to no usable image. */
  public static Failure of(Links.Resolution.Obstructed target) {
    return Failure.of(reason(target.why()), target.sentence());
  }

  private static Reason reason(Links.Obstacle obstacle) {
    return switch (obstacle) {
      case INVALID -> Reason.INVALID_SOURCE;
      case NOT_VISIBLE -> Reason.IMAGE_NOT_VISIBLE;
      case REVOKED -> Reason.ACCESS_REVOKED;
      case DEACTIVATED -> Reason.IMAGE_DEACTIVATED;
      case WITHOUT_BYTES -> Reason.IMAGE_NOT_READY;
      case DIGEST_CHANGED -> Reason.DIGEST_CHANGED;
    };
  }
}
