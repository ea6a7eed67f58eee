package dev.darkroom.controller.imageimport;

import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageImportStatus;
import dev.darkroom.api.ImageImportStatusBuilder;
import dev.darkroom.controller.support.Conditions;
import java.time.Clock;
import java.time.temporal.ChronoUnit;

/**
 * The parts of every next status of an import.
 *
 * @param before the last status; empty before the first one
 */
record ImportStatusBase(ImageImport job, ImageImportStatus before, Clock clock) {

  /** The last status, about the current generation, without a place in the queue. */
  ImageImportStatusBuilder next() {
    return ImageImportStatusBuilder.builder(before)
        .queuePosition(null)
        .observedGeneration(job.getMetadata().getGeneration());
  }

  /** The last conditions, to change. */
  Conditions conditions() {
    return Conditions.after(before.conditions(), job.getMetadata().getGeneration(), clock);
  }

  /** The current time, in seconds, as RFC 3339. */
  String now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
