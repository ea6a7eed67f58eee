package dev.darkroom.e2e.conformance;

import dev.darkroom.transfer.model.Outcome;
import java.util.Locale;

/**
 * What came of a case.
 *
 * @param of the case
 * @param happened in a sentence
 * @param verdict what that means
 */
record Result(Case of, String happened, Verdict verdict) {

  /** Whether it went as it must. */
  enum Verdict {
    GREEN,
    RED,
    /** This machine lacks what the case needs, and the result says what. */
    NOT_RUN;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /** How an import ended, in words. */
  static String words(Outcome outcome) {
    if (outcome instanceof Outcome.Failed failed) {
      return failed.failure().reason().apiName() + ": " + failed.failure().message();
    }
    if (outcome instanceof Outcome.Stored stored) {
      return "Stored %d bytes (%s) in %s"
          .formatted(
              stored.facts().size(),
              stored.facts().format().apiName(),
              String.join(", ", Check.storedIn(outcome)));
    }
    return "Cancelled";
  }
}
