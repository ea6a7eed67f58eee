package dev.darkroom.e2e.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkDirectoryTest {

  @TempDir Path scratch;

  @Test
  void newDirectoryIsUsedAgain() throws IOException {
    Path root = scratch.resolve("a/b");
    WorkDirectory.open(root).close();
    Files.writeString(root.resolve("kubeconfig"), "old");

    try (WorkDirectory again = WorkDirectory.open(root)) {
      assertThat(again.store()).isEqualTo(root.resolve("store")).isDirectory();
    }
  }

  @Test
  void directoryWithOtherFilesIsRefused() throws IOException {
    Path theirs = Files.writeString(scratch.resolve("kubeconfig"), "theirs");

    assertThatThrownBy(() -> WorkDirectory.open(scratch))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("(kubeconfig)")
        .hasMessageContaining("--dir");
    assertThat(scratch).isDirectoryContaining(theirs::equals);
    assertThat(theirs).hasContent("theirs");
  }

  @Test
  void lockedDirectoryIsRefused() throws IOException {
    WorkDirectory first = WorkDirectory.open(scratch);

    assertThatThrownBy(() -> WorkDirectory.open(scratch))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(scratch.toString());

    first.close();
    WorkDirectory.open(scratch).close();
  }

  @Test
  void symbolicLinkAsStoreIsRefused() throws IOException {
    Path elsewhere = Files.createDirectory(scratch.resolve("elsewhere"));
    Path root = scratch.resolve("work");
    try (WorkDirectory directory = WorkDirectory.open(root)) {
      Files.createSymbolicLink(root.resolve("store"), elsewhere);

      assertThatThrownBy(directory::store)
          .isInstanceOf(InputException.class)
          .hasMessageContaining("is not a directory");
    }
  }

  @Test
  void fileIsRefused() throws IOException {
    Path file = Files.writeString(scratch.resolve("file"), "");

    assertThatThrownBy(() -> WorkDirectory.open(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is not a directory");
  }
}
