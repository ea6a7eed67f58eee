package dev.darkroom.e2e.conformance;

import dev.darkroom.transfer.model.Outcome;
import java.util.Locale;

/**
 * The result of a case.
 *
 * @param of the case
 * @param happened the outcome, in a sentence
 * @param verdict the verdict
 */
record CaseResult(Case of, String happened, Verdict verdict) {

  /** The verdict on a case. */
  enum Verdict {
    GREEN,
    RED,
    /** This machine lacks a requirement of the case; the result names it. */
    NOT_RUN;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /** The outcome of an import as text. */
  static String words(Outcome outcome) {
    if (outcome instanceof Outcome.Failed failed) {
      return failed.failure().reason().apiName() + ": " + failed.failure().message();
    }
    if (outcome instanceof Outcome.Stored stored) {
      return "Stored %d bytes (%s) in %s"
          .formatted(
              stored.facts().size(),
              stored.facts().format().apiName(),
              String.join(", ", Expectation.storedIn(outcome)));
    }
    return "Cancelled";
  }
}
