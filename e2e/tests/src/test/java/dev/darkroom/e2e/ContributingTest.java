package dev.darkroom.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The walks in CONTRIBUTING.md lead through files that exist. */
class ContributingTest {

  /** A path in backticks that ends with {@code .java}; the sign before it means the engine. */
  private static final Pattern STATION = Pattern.compile("(⚙ )?`([a-z0-9/]+/\\w+\\.java)`");

  private static final Path SOURCES = Path.of("src", "main", "java", "dev", "darkroom");

  @Test
  void everyStationOfTheWalksIsAFile() throws IOException {
    List<MatchResult> stations =
        STATION
            .matcher(Files.readString(RepositoryFiles.ROOT.resolve("CONTRIBUTING.md")))
            .results()
            .toList();

    assertThat(stations).hasSizeGreaterThan(20);
    assertThat(stations)
        .extracting(ContributingTest::file)
        .allSatisfy(file -> assertThat(file).isRegularFile());
  }

  private static Path file(MatchResult station) {
    Path module = RepositoryFiles.ROOT.resolve("operator");
    if (station.group(1) != null) {
      module = module.resolve("engine");
    }
    return module.resolve(SOURCES).resolve(station.group(2));
  }
}
