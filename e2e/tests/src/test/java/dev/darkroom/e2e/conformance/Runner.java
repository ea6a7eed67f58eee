package dev.darkroom.e2e.conformance;

import dev.darkroom.transfer.model.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/** Plays cases, each in a new world. */
final class Runner {

  private Runner() {}

  /** Plays it; never throws. */
  static Result run(Case conformance) {
    try {
      Path directory = Files.createTempDirectory("darkroom-conformance-");
      try (World world = new World(directory)) {
        return judge(conformance, world, conformance.play().in(world));
      } finally {
        remove(directory);
      }
    } catch (TestAbortedException e) {
      return new Result(conformance, e.getMessage(), Result.Verdict.NOT_RUN);
    } catch (Exception | Error e) {
      return new Result(conformance, "The case itself failed: " + e, Result.Verdict.RED);
    }
  }

  private static Result judge(Case conformance, World world, Outcome outcome) throws IOException {
    Optional<String> problem = conformance.expectation().test().problem(world, outcome);
    if (problem.isEmpty()) {
      problem = Invariants.problem(world, outcome);
    }
    return problem
        .map(wrong -> new Result(conformance, happened(outcome, wrong), Result.Verdict.RED))
        .orElseGet(() -> new Result(conformance, Result.words(outcome), Result.Verdict.GREEN));
  }

  private static String happened(Outcome outcome, String wrong) {
    return Result.words(outcome) + " — but " + wrong;
  }

  private static void remove(Path directory) {
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
