package dev.darkroom.e2e.scenario.chart;

import dev.darkroom.e2e.RepositoryFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The commands in the README. */
final class ReadmeCommands {

  /** Their working directory. */
  static final Path ROOT = RepositoryFiles.ROOT;

  private static final Pattern BLOCK = Pattern.compile("(?ms)^```\\n(.*?)^```$");
  private static final Pattern COMMENT = Pattern.compile("\\s{2,}#.*$");

  private ReadmeCommands() {}

  /**
   * The commands of one code block, without comments, one per line.
   *
   * @param heading the heading of the section
   * @param block the index of the block in the section, from 0
   */
  static List<String> of(String heading, int block) throws IOException {
    String readme = Files.readString(ROOT.resolve("README.md"));
    int begin = readme.indexOf("\n### " + heading + "\n");
    if (begin < 0) {
      throw new AssertionError("the README has no section " + heading);
    }
    int end = readme.indexOf("\n##", begin + 1);
    Matcher blocks = BLOCK.matcher(readme.substring(begin, end));
    for (int i = 0; i <= block; i++) {
      if (!blocks.find()) {
        throw new AssertionError("section " + heading + " has no block " + block);
      }
    }
    return blocks
        .group(1)
        .replace("\\\n", " ")
        .lines()
        .map(line -> COMMENT.matcher(line).replaceFirst("").trim().replaceAll(" +", " "))
        .toList();
  }
}
