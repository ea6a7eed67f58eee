package dev.darkroom.e2e.conformance;

import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Reason;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The required outcome of a case.
 *
 * @param says the text for the table
 * @param test checks the outcome
 */
record Expectation(String says, Test test) {

  /** Checks an outcome. */
  @FunctionalInterface
  interface Test {
    /** The deviation, in a sentence; empty if there is none. */
    Optional<String> problem(TestBed bed, Outcome outcome) throws IOException;
  }

  /** The import fails with this reason. */
  static Expectation failed(Reason reason) {
    return new Expectation(
        reason.apiName(),
        (bed, outcome) ->
            outcome instanceof Outcome.Failed failed && failed.failure().reason() == reason
                ? Optional.empty()
                : Optional.of("the reason differs from " + reason.apiName()));
  }

  /** The import succeeds with a complete copy in every target store. */
  static Expectation stored() {
    return new Expectation(
        "stored, the same bytes in every store",
        (bed, outcome) ->
            storedIn(outcome).equals(bed.targets())
                ? Optional.empty()
                : Optional.of("the copies are not in stores " + bed.targets()));
  }

  /** The import succeeds with copies in exactly these stores. */
  static Expectation storedOnlyIn(String... stores) {
    Set<String> wanted = new TreeSet<>(Arrays.asList(stores));
    return new Expectation(
        "stored in " + String.join(" and ", wanted) + " only",
        (bed, outcome) ->
            storedIn(outcome).equals(wanted)
                ? Optional.empty()
                : Optional.of("the copies are not in stores " + wanted + " only"));
  }

  /** The message contains this text. */
  Expectation messageContains(String part) {
    return and(
        "message contains \"" + part + "\"",
        (bed, outcome) ->
            outcome instanceof Outcome.Failed failed && failed.failure().message().contains(part)
                ? Optional.empty()
                : Optional.of("the message lacks \"" + part + "\""));
  }

  /** The outcome does not contain this secret. */
  Expectation without(String secret, String what) {
    return and(
        "without " + what,
        (bed, outcome) ->
            outcome.toString().contains(secret)
                ? Optional.of("the outcome contains " + what)
                : Optional.empty());
  }

  /** Adds a requirement. */
  Expectation and(String alsoSays, Test also) {
    return new Expectation(
        says + "; " + alsoSays,
        (bed, outcome) -> {
          Optional<String> problem = test.problem(bed, outcome);
          return problem.isPresent() ? problem : also.problem(bed, outcome);
        });
  }

  /** The stores with a copy, according to the outcome. */
  static Set<String> storedIn(Outcome outcome) {
    return outcome instanceof Outcome.Stored stored
        ? new TreeSet<>(stored.copies().keySet())
        : Set.of();
  }
}
