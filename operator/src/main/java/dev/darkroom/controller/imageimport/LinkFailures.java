package dev.darkroom.controller.imageimport;

import dev.darkroom.access.Links;
import dev.darkroom.transfer.model.Reason;

/** What keeps a link or a copy from the bytes of another image, as reasons of the API. */
public final class LinkFailures {

  private LinkFailures() {}

  /** The reason of an obstacle. */
  public static Reason reason(Links.Obstacle obstacle) {
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
