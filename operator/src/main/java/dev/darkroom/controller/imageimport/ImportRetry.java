package dev.darkroom.controller.imageimport;

import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageImportStatus;
import dev.darkroom.retry.Backoff;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Reason;
import java.util.random.RandomGenerator;

/**
 * Decides about the retry of an import whose transfer failed: none after a terminal failure, and at
 * most {@code spec.backoffLimit} retries, each after a back-off.
 */
final class ImportRetry {

  private final Backoff backoff = Backoff.defaults();

  /** The status after a failure: failed, or waiting for the next attempt. */
  ImageImportStatus after(ImageImport job, ImportStatusCalculator next, Failure failure) {
    int attempts = job.getStatus() == null ? 1 : Math.max(1, job.getStatus().attempts());
    if (failure.reason().recovery() == Reason.Recovery.TERMINAL) {
      return next.failed(failure);
    }
    if (attempts > job.getSpec().backoffLimit()) {
      return next.failed(
          Failure.of(
              Reason.BACKOFF_LIMIT_EXCEEDED,
              "Given up after "
                  + attempts
                  + (attempts == 1 ? " attempt" : " attempts")
                  + "; the last one: "
                  + failure.reason().apiName()
                  + ": "
                  + failure.message()));
    }
    return next.retrying(
        failure, backoff.after(attempts, failure.retryAfter(), RandomGenerator.getDefault()));
  }
}
