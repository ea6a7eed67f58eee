package dev.darkroom.e2e.dev;

import java.nio.file.Path;

/** Paths of the repository. */
public final class Repository {

  /** The absolute root directory; tests run in their module's directory. */
  public static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();

  private Repository() {}
}
