package dev.darkroom.e2e.dev;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** What people copy into their shell. */
final class Shell {

  private Shell() {}

  /** The path as short as it can be written from the current directory, and quoted if need be. */
  static String path(Path path) {
    Path here = Path.of("").toAbsolutePath();
    return quoted(path.startsWith(here) ? here.relativize(path).toString() : path.toString());
  }

  /** The path as it can be written from any directory, and quoted if need be. */
  static String fullPath(Path path) {
    return quoted(path.toAbsolutePath().toString());
  }

  /** POSIX shell, section 2.2.2: single quotes keep everything but themselves. */
  static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./:=@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /** Whether there is a program of this name. */
  static boolean has(String program, Map<String, String> environment) {
    return Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator))
        .filter(directory -> !directory.isEmpty())
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }
}
