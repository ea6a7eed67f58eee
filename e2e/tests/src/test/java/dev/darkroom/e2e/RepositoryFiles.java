package dev.darkroom.e2e;

import java.nio.file.Path;

/** The files of the repository. */
public final class RepositoryFiles {

  /** The root directory, absolute; tests run in their module's directory. */
  public static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();

  private RepositoryFiles() {}
}
