package dev.darkroom.controller.support;

import dev.darkroom.transfer.model.Reason;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reasons that say how far a good thing is; every other one is from the closed list of trouble. */
public enum ProgressReason {
  /** Waits for a slot or for its turn. */
  QUEUED("Queued"),
  /** The source and the stores are asked. */
  PREFLIGHT("Preflight"),
  /** Bytes that are to be converted are on their way. */
  STAGING("Staging"),
  /** A disk becomes one of another format. */
  CONVERTING("Converting"),
  /** What an earlier attempt left is compared and read back. */
  RESUMING("Resuming"),
  /** Bytes should be on their way, and none comes. */
  STALLED("Stalled"),
  /** Bytes are on their way. */
  IMPORTING("Importing"),
  /** Digests and formats are compared. */
  VALIDATING("Validating"),
  /** Copies become durable and visible. */
  PUBLISHING("Publishing"),
  /** Verified bytes are where they shall be. */
  AVAILABLE("Available"),
  /** More copies are being made, or some are removed. */
  REPLICATING("Replicating"),
  /** A copy was made in a store that had none. */
  COPY_MADE("CopyMade"),
  /** A copy that was lost is there again. */
  COPY_FOUND("CopyFound"),
  /** The copy of a store that shall not have one any more is gone. */
  COPY_REMOVED("CopyRemoved"),
  /** An import has done what it should. */
  SUCCEEDED("Succeeded"),
  /** A record that waits for an ImageImport. */
  AWAITING_IMPORT("AwaitingImport"),
  /** A namespace has not answered the offer of an image. */
  OFFERED("Offered"),
  /** A namespace has an image that it was offered in its list. */
  ACCEPTED("Accepted"),
  /** A namespace does not want an image that it was offered. */
  REJECTED("Rejected"),
  /** Told to a namespace: it is offered an image. */
  IMAGE_OFFERED("ImageOffered"),
  /** A store passed its probe. */
  PROBED("Probed"),
  /** A store is being probed for the first time. */
  PROBING("Probing"),
  /** The object goes away. */
  DELETING("Deleting"),
  /** A store waits for the images it holds. */
  STORE_IN_USE("StoreInUse");

  private static final Set<String> TROUBLE =
      Arrays.stream(Reason.values()).map(Reason::apiName).collect(Collectors.toUnmodifiableSet());

  private static final Set<String> MILESTONES =
      Stream.of(
              IMPORTING,
              AVAILABLE,
              SUCCEEDED,
              AWAITING_IMPORT,
              ACCEPTED,
              REJECTED,
              PROBED,
              STORE_IN_USE)
          .map(ProgressReason::apiName)
          .collect(Collectors.toUnmodifiableSet());

  private final String apiName;

  ProgressReason(String apiName) {
    this.apiName = apiName;
  }

  public String apiName() {
    return apiName;
  }

  /** Whether a condition with this reason is worth an Event: trouble is, and so are milestones. */
  static boolean isNews(String reason) {
    return isTrouble(reason) || MILESTONES.contains(reason);
  }

  /** Whether a condition's reason is one of the closed list of trouble. */
  public static boolean isTrouble(String reason) {
    return TROUBLE.contains(reason);
  }
}
