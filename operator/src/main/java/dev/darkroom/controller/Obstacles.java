package dev.darkroom.controller;

import dev.darkroom.access.Links;
import dev.darkroom.transfer.Reason;

/** What keeps a link or a copy from the bytes of another image, as reasons of the API. */
final class Obstacles {

  private Obstacles() {}

  /** The reason of an obstacle. */
  static Reason reason(Links.Obstacle obstacle) {
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
