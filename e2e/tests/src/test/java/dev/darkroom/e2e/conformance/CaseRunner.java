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

/** Runs cases, each in a new test bed. */
final class CaseRunner {

  private CaseRunner() {}

  /** Runs a case; never throws. */
  static CaseResult run(Case conformance) {
    try {
      Path directory = Files.createTempDirectory("darkroom-conformance-");
      try (TestBed bed = new TestBed(directory)) {
        return judge(conformance, bed, conformance.play().in(bed));
      } finally {
        remove(directory);
      }
    } catch (TestAbortedException e) {
      return new CaseResult(conformance, e.getMessage(), CaseResult.Verdict.NOT_RUN);
    } catch (Exception | Error e) {
      return new CaseResult(conformance, "The case failed to run: " + e, CaseResult.Verdict.RED);
    }
  }

  private static CaseResult judge(Case conformance, TestBed bed, Outcome outcome)
      throws IOException {
    Optional<String> problem = conformance.expectation().test().problem(bed, outcome);
    if (problem.isEmpty()) {
      problem = Invariants.problem(bed, outcome);
    }
    return problem
        .map(wrong -> new CaseResult(conformance, happened(outcome, wrong), CaseResult.Verdict.RED))
        .orElseGet(
            () -> new CaseResult(conformance, CaseResult.words(outcome), CaseResult.Verdict.GREEN));
  }

  private static String happened(Outcome outcome, String wrong) {
    return CaseResult.words(outcome) + " — but " + wrong;
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
