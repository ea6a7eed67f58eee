package dev.darkroom.e2e.conformance;

import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Reason;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What must be true after a case was played.
 *
 * @param says it in words, for the table
 * @param test tells what is wrong, if something is
 */
record Check(String says, Test test) {

  /** Looks at what came of it. */
  @FunctionalInterface
  interface Test {
    /** In a sentence what is wrong; empty when nothing is. */
    Optional<String> problem(World world, Outcome outcome) throws IOException;
  }

  /** It is refused, or fails, for this reason. */
  static Check failed(Reason reason) {
    return new Check(
        reason.apiName(),
        (world, outcome) ->
            outcome instanceof Outcome.Failed failed && failed.failure().reason() == reason
                ? Optional.empty()
                : Optional.of("the reason is not " + reason.apiName()));
  }

  /** It is stored, in every store that it was meant for, whole and the same. */
  static Check stored() {
    return new Check(
        "stored, the same bytes in every store",
        (world, outcome) ->
            storedIn(outcome).equals(world.targets())
                ? Optional.empty()
                : Optional.of("it is not in the stores " + world.targets()));
  }

  /** It is stored in these stores and in no others. */
  static Check storedOnlyIn(String... stores) {
    Set<String> wanted = new TreeSet<>(Arrays.asList(stores));
    return new Check(
        "stored in " + String.join(" and ", wanted) + " only",
        (world, outcome) ->
            storedIn(outcome).equals(wanted)
                ? Optional.empty()
                : Optional.of("it is not in the stores " + wanted + " only"));
  }

  /** What is said to the user has this in it. */
  Check saying(String part) {
    return and(
        "saying \"" + part + "\"",
        (world, outcome) ->
            outcome instanceof Outcome.Failed failed && failed.failure().message().contains(part)
                ? Optional.empty()
                : Optional.of("the message does not say \"" + part + "\""));
  }

  /** What is said to the user does not have this in it. */
  Check notTelling(String secret, String what) {
    return and(
        "not telling " + what,
        (world, outcome) ->
            outcome.toString().contains(secret)
                ? Optional.of("it tells " + what)
                : Optional.empty());
  }

  /** And this is true as well. */
  Check and(String alsoSays, Test also) {
    return new Check(
        says + "; " + alsoSays,
        (world, outcome) -> {
          Optional<String> problem = test.problem(world, outcome);
          return problem.isPresent() ? problem : also.problem(world, outcome);
        });
  }

  /** The names of the stores that it says it is in. */
  static Set<String> storedIn(Outcome outcome) {
    return outcome instanceof Outcome.Stored stored
        ? new TreeSet<>(stored.copies().keySet())
        : Set.of();
  }
}
