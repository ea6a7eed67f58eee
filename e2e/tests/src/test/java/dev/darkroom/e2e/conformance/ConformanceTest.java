package dev.darkroom.e2e.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.darkroom.e2e.conformance.Result.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Plays all cases, whatever becomes of each, and prints them as a table, which is written to {@code
 * target/conformance.txt} as well. Each that is red fails.
 */
class ConformanceTest {

  private static final Path FILE = Path.of("target", "conformance.txt");
  private static final List<Result> RESULTS = new CopyOnWriteArrayList<>();

  @TestFactory
  Stream<DynamicTest> everyCase() {
    return Cases.all().stream()
        .map(each -> dynamicTest(each.group().title() + ": " + each.name(), () -> play(each)));
  }

  @Test
  void everyCaseHasANameOfItsOwn() {
    assertThat(Cases.all()).extracting(Case::name).doesNotHaveDuplicates();
  }

  @AfterAll
  static void tell() throws IOException {
    if (RESULTS.isEmpty()) {
      return;
    }
    String table = Table.of(RESULTS);
    System.out.println();
    System.out.println(table);
    Files.createDirectories(FILE.getParent());
    Files.writeString(FILE, table);
  }

  private static void play(Case each) {
    Result result = Runner.run(each);
    RESULTS.add(result);
    Assumptions.assumeFalse(result.verdict() == Verdict.NOT_RUN, result.happened());
    if (result.verdict() == Verdict.RED) {
      throw new AssertionError(result.happened());
    }
  }
}
