package dev.darkroom.transfer.resume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.source.fetch.FetchOptions;
import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobStore;
import dev.darkroom.testing.FaultyStore;
import dev.darkroom.transfer.MemoryStore;
import dev.darkroom.transfer.TransferFixture;
import dev.darkroom.transfer.call.CancellationToken;
import dev.darkroom.transfer.call.StoreTimeouts;
import dev.darkroom.transfer.call.Throttle;
import dev.darkroom.transfer.call.TransferContext;
import dev.darkroom.transfer.copy.CopyWrite;
import dev.darkroom.transfer.copy.FailedTargets;
import dev.darkroom.transfer.copy.PendingCopies;
import dev.darkroom.transfer.memory.BufferPool;
import dev.darkroom.transfer.memory.Chunks;
import dev.darkroom.transfer.model.Target;
import dev.darkroom.transfer.model.TransferObserver;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A staging directory that is full. */
class StagingTeeTest {

  private static final String ID = "import";
  private static final int PART = 1000;

  @TempDir private Path directory;

  @Test
  void goesOnWithoutStagingAndFreesItsSpace() throws Exception {
    MemoryStore memory = new MemoryStore().resumingPartsOf(PART);
    BlobStore small = FaultyStore.over(memory).hasRoomFor(5 * PART);
    BlobKey key = StagingDirectory.key(ID);
    try (StagingDirectory staging = StagingDirectory.open(directory).orElseThrow()) {
      CopyWrite write =
          new CopyWrite(
              new Target("the staging directory", small, key),
              small.open(key),
              new FailedTargets(1),
              new CancellationToken(),
              TransferObserver.Recorder.NONE);
      JournalSink recording = new JournalSink(staging.begin(contents()), PART, 0);
      StagingTee keeping = new StagingTee(write, recording, context());

      assertThat(memory.openWrites()).isEqualTo(1);
      for (int i = 0; i < 9; i++) {
        ByteBuffer bytes = ByteBuffer.allocate(PART);
        keeping.accept(bytes);
        assertThat(bytes.remaining()).as("for the reader").isEqualTo(PART);
      }
      assertThat(memory.openWrites()).as("staged bytes").isZero();
      keeping.ended(9 * PART);
      keeping.close(PendingCopies.Ending.SUSPEND);

      assertThat(memory.suspended()).isEmpty();
      assertThat(staging.find(ID).orElseThrow().total()).as("no end in the journal").isEmpty();
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

  private static TransferContext context() {
    return new TransferContext(
        Runnable::run,
        new Chunks(new BufferPool(TransferFixture.CHUNK_BYTES), TransferFixture.CHUNKS),
        StoreTimeouts.defaults(),
        new Throttle(OptionalLong.empty(), System::nanoTime),
        FetchOptions.defaults(),
        System::nanoTime,
        TransferObserver.Recorder.NONE);
  }
}
