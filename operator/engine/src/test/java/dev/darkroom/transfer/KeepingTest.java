package dev.darkroom.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.source.FetchOptions;
import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobStore;
import dev.darkroom.testing.FaultyStore;
import dev.darkroom.transfer.journal.JournalContents;
import dev.darkroom.transfer.journal.PartSums;
import dev.darkroom.transfer.journal.Staging;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A staging directory that has no room for what is delivered. */
class KeepingTest {

  private static final String ID = "import";
  private static final int PART = 1000;

  @TempDir private Path directory;

  @Test
  void goesOnWithoutAndGivesTheRoomBack() throws Exception {
    MemoryStore memory = new MemoryStore().resumingPartsOf(PART);
    BlobStore small = FaultyStore.over(memory).hasRoomFor(5 * PART);
    BlobKey key = Staging.key(ID);
    try (Staging staging = Staging.open(directory).orElseThrow()) {
      CopyWrite write =
          new CopyWrite(
              new Target("the staging directory", small, key),
              small.open(key),
              new Missed(1),
              new StopSignal(),
              TransferObserver.Journey.UNOBSERVED);
      Recording recording = new Recording(staging.begin(contents()), PART, 0);
      Keeping keeping = new Keeping(write, recording, workshop());

      assertThat(memory.openWrites()).isEqualTo(1);
      for (int i = 0; i < 9; i++) {
        ByteBuffer bytes = ByteBuffer.allocate(PART);
        keeping.accept(bytes);
        assertThat(bytes.remaining()).as("for who reads").isEqualTo(PART);
      }
      assertThat(memory.openWrites()).as("what takes room").isZero();
      keeping.ended(9 * PART);
      keeping.close(PendingCopies.Ending.SUSPEND);

      assertThat(memory.suspended()).isEmpty();
      assertThat(staging.find(ID).orElseThrow().total()).as("nor is all there").isEmpty();
    }
  }

  private static JournalContents contents() {
    return new JournalContents(
        ID,
        "the same request",
        PART,
        Optional.of("v1"),
        OptionalLong.of(9 * PART),
        List.of(),
        new PartSums(),
        OptionalLong.empty());
  }

  private static Workshop workshop() {
    return new Workshop(
        Runnable::run,
        new Chunks(new BufferPool(TransferFixture.CHUNK_BYTES), TransferFixture.CHUNKS),
        Patience.defaults(),
        new Throttle(OptionalLong.empty(), System::nanoTime),
        FetchOptions.defaults(),
        System::nanoTime,
        TransferObserver.Journey.UNOBSERVED);
  }
}
