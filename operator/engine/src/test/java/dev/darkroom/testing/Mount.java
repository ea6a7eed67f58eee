package dev.darkroom.testing;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A file system mounted for one test: the only honest way to a full or a read-only disk, also for
 * root, whom permission bits don't stop. Where mounting is not permitted the test is skipped.
 */
public final class Mount implements AutoCloseable {

  private final Path path;
  private boolean mounted = true;

  private Mount(Path path) {
    this.path = path;
  }

  /** Mounts an empty file system of that many MiB in memory, over a directory. */
  public static Mount tmpfs(Path directory, int mebibytes) throws IOException {
    return tryTmpfs(directory, mebibytes).orElseGet(Mount::skip);
  }

  /** As {@link #tmpfs}; empty where mounting is not permitted. */
  public static Optional<Mount> tryTmpfs(Path directory, int mebibytes) throws IOException {
    Files.createDirectories(directory);
    String size = "size=" + mebibytes + "m";
    return run("mount", "-t", "tmpfs", "-o", size, "darkroom-test", directory.toString())
        ? Optional.of(new Mount(directory))
        : Optional.empty();
  }

  /** Makes the file system read-only. */
  public void becomeReadOnly() throws IOException {
    if (!run("mount", "-o", "remount,ro", path.toString())) {
      skip();
    }
  }

  /** Returns the mount point. */
  public Path path() {
    return path;
  }

  /** As {@link #unmount}. */
  @Override
  public void close() throws IOException {
    unmount();
  }

  /** Unmounts the file system. */
  public void unmount() throws IOException {
    if (mounted) {
      mounted = !run("umount", path.toString()) && !run("umount", "-l", path.toString());
    }
  }

  private static Mount skip() {
    return abort("mounting is not permitted here");
  }

  private static boolean run(String... command) throws IOException {
    Process process;
    try {
      process =
          new ProcessBuilder(List.of(command))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      return false;
    }
    try {
      return process.waitFor() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while mounting", e);
    }
  }
}
