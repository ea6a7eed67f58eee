package dev.darkroom.e2e.dev;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** Text for a user's shell. */
final class Shell {

  private Shell() {}

  /** The shortest path from the current directory, quoted if needed. */
  static String path(Path path) {
    Path here = Path.of("").toAbsolutePath();
    return quoted(path.startsWith(here) ? here.relativize(path).toString() : path.toString());
  }

  /** The absolute path, quoted if needed. */
  static String fullPath(Path path) {
    return quoted(path.toAbsolutePath().toString());
  }

  /** POSIX shell, section 2.2.2: single quotes preserve all characters except themselves. */
  static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./:=@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /** Whether a program of this name is on the path. */
  static boolean has(String program, Map<String, String> environment) {
    return Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator))
        .filter(directory -> !directory.isEmpty())
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }
}
