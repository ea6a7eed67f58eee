package dev.darkroom.controller.support;

import dev.darkroom.transfer.model.Reason;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reasons of normal progress; all other reasons are failures, listed in {@link Reason}. */
public enum ProgressReason {
  /** An import waits for a transfer slot or for another import. */
  QUEUED("Queued"),
  /** The transfer checks the source and the stores. */
  PREFLIGHT("Preflight"),
  /** The transfer downloads a disk that is to be converted. */
  STAGING("Staging"),
  /** The transfer converts a disk to another format. */
  CONVERTING("Converting"),
  /** The transfer verifies the bytes of an earlier attempt. */
  RESUMING("Resuming"),
  /** The source sends no bytes. */
  STALLED("Stalled"),
  /** The transfer receives bytes. */
  IMPORTING("Importing"),
  /** The transfer compares digests and formats. */
  VALIDATING("Validating"),
  /** The stores make the copies durable and visible. */
  PUBLISHING("Publishing"),
  /** All wanted stores have verified copies. */
  AVAILABLE("Available"),
  /** Copies are being made or removed. */
  REPLICATING("Replicating"),
  /** A store has a new copy. */
  COPY_MADE("CopyMade"),
  /** A missing or corrupt copy was verified. */
  COPY_FOUND("CopyFound"),
  /** An unwanted copy was removed. */
  COPY_REMOVED("CopyRemoved"),
  /** An import has succeeded. */
  SUCCEEDED("Succeeded"),
  /** An image without a source waits for an ImageImport. */
  AWAITING_IMPORT("AwaitingImport"),
  /** A namespace has not answered an offer. */
  OFFERED("Offered"),
  /** A namespace has accepted an offer and has a link. */
  ACCEPTED("Accepted"),
  /** A namespace has rejected an offer. */
  REJECTED("Rejected"),
  /** An Event in a namespace: the namespace has an offer. */
  IMAGE_OFFERED("ImageOffered"),
  /** A store passed its probe. */
  PROBED("Probed"),
  /** A store is being probed for the first time. */
  PROBING("Probing"),
  /** The object is being deleted. */
  DELETING("Deleting"),
  /** The deletion of a store waits for the images in it. */
  STORE_IN_USE("StoreInUse");

  private static final Set<String> FAILURES =
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

  /** The reason as conditions and Events state it. */
  public String apiName() {
    return apiName;
  }

  /** Whether a condition with this reason is recorded as an Event: failures and milestones are. */
  static boolean isNews(String reason) {
    return isTrouble(reason) || MILESTONES.contains(reason);
  }

  /** Whether the reason of a condition is a failure. */
  public static boolean isTrouble(String reason) {
    return FAILURES.contains(reason);
  }
}
