package dev.darkroom.e2e.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.darkroom.e2e.conformance.CaseResult.Verdict;
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
 * Runs all cases, prints the table and writes it to {@code target/conformance.txt}. A test fails
 * for each red case.
 */
class ConformanceTest {

  private static final Path FILE = Path.of("target", "conformance.txt");
  private static final List<CaseResult> RESULTS = new CopyOnWriteArrayList<>();

  @TestFactory
  Stream<DynamicTest> everyCase() {
    return Cases.all().stream()
        .map(each -> dynamicTest(each.group().title() + ": " + each.name(), () -> run(each)));
  }

  @Test
  void caseNamesAreUnique() {
    assertThat(Cases.all()).extracting(Case::name).doesNotHaveDuplicates();
  }

  @AfterAll
  static void printTable() throws IOException {
    if (RESULTS.isEmpty()) {
      return;
    }
    String table = ConformanceTable.of(RESULTS);
    System.out.println();
    System.out.println(table);
    Files.createDirectories(FILE.getParent());
    Files.writeString(FILE, table);
  }

  private static void run(Case each) {
    CaseResult result = CaseRunner.run(each);
    RESULTS.add(result);
    Assumptions.assumeFalse(result.verdict() == Verdict.NOT_RUN, result.happened());
    if (result.verdict() == Verdict.RED) {
      throw new AssertionError(result.happened());
    }
  }
}
