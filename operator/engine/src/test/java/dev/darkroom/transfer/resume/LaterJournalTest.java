package dev.darkroom.transfer.resume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.darkroom.store.BlobWrite;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Journals of a later release, after a rollback. */
class LaterJournalTest {

  private static final String LIVE = "import-1";
  private static final String GONE = "import-2";

  @TempDir Path directory;
  private StagingDirectory staging;

  @BeforeEach
  void writeJournalsOfALaterRelease() throws IOException {
    staging = StagingDirectory.open(directory).orElseThrow();
    for (String id : List.of(LIVE, GONE)) {
      staging
          .begin(
              new JournalContents(
                  id,
                  "f",
                  1 << 20,
                  Optional.empty(),
                  OptionalLong.empty(),
                  List.of(),
                  new PartSums(),
                  OptionalLong.empty()))
          .close();
    }
    for (Path journal : journals()) {
      Files.writeString(
          journal, Files.readString(journal).replace("\"version\":1", "\"version\":2"));
    }
  }

  @AfterEach
  void close() {
    staging.close();
  }

  @Test
  void areNotReadAndStayAsLongAsTheirTransfer() throws IOException {
    assertThat(staging.find(LIVE)).isEmpty();

    List<JournalContents> removed = staging.retain(Set.of(LIVE));

    assertThat(removed).isEmpty();
    assertThat(journals()).hasSize(1);
    assertThat(staging.retain(Set.of())).isEmpty();
    assertThat(journals()).isEmpty();
  }

  @Test
  void keepEveryUnfinishedWriteFromASweep() throws IOException {
    try (BlobWrite write = staging.store().open(StagingDirectory.key(LIVE))) {
      write.append(ByteBuffer.wrap(new byte[100]));
      write.suspend();
    }
    staging.close();

    staging = StagingDirectory.open(directory).orElseThrow();

    assertThat(staging.hasLaterVersions()).isTrue();
    assertThatThrownBy(() -> StagingDirectory.tokens(directory, "fast"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a later release");
    assertThat(staging.store().sweep()).as("the staged write").isEqualTo(1);
  }

  @Test
  void areReplacedWhenTheTransferBeginsAgain() throws IOException {
    staging.remove(LIVE);
    staging.remove(GONE);

    assertThat(staging.hasLaterVersions()).isFalse();
    assertThat(StagingDirectory.tokens(directory, "fast")).isEmpty();
  }

  private List<Path> journals() throws IOException {
    try (var files = Files.list(directory.resolve("journals"))) {
      return files.toList();
    }
  }
}
