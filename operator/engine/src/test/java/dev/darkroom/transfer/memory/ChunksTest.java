package dev.darkroom.transfer.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ChunksTest {

  private final BufferPool pool = new BufferPool(16);
  private final Chunks chunks = new Chunks(pool, 2);

  @Test
  void returnsABufferAtTheLastRelease() {
    Chunk chunk = chunks.tryAcquire().orElseThrow();
    chunk.retain();

    chunk.release();
    assertThat(pool.idle()).isZero();

    chunk.release();
    assertThat(pool.idle()).isEqualTo(1);
  }

  @Test
  void refusesAReleaseWithoutAHolder() {
    Chunk chunk = chunks.tryAcquire().orElseThrow();
    chunk.release();

    assertThatThrownBy(chunk::release).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void reusesABuffer() {
    for (int i = 0; i < 10; i++) {
      Chunk chunk = chunks.tryAcquire().orElseThrow();
      chunk.buffer().putInt(i);
      chunk.release();
    }

    assertThat(pool.allocated()).isEqualTo(1);
    assertThat(chunks.tryAcquire().orElseThrow().buffer().remaining()).isEqualTo(16);
  }

  @Test
  void givesNoChunkAboveTheLimitAndCompletesAFutureWhenOneIsFree() {
    Chunk first = chunks.tryAcquire().orElseThrow();
    Chunk second = chunks.tryAcquire().orElseThrow();
    assertThat(chunks.tryAcquire()).isEmpty();
    CompletableFuture<Void> available = chunks.available();
    assertThat(available).isNotDone();

    first.release();

    assertThat(available).isDone();
    assertThat(chunks.tryAcquire()).isPresent();
    second.release();
    assertThat(pool.allocated()).isEqualTo(2);
  }

  @Test
  void aForfeitedChunkIsNotCountedAsInFlight() {
    Chunk first = chunks.tryAcquire().orElseThrow();
    assertThat(chunks.tryAcquire()).isPresent();

    first.forfeit();

    assertThat(chunks.tryAcquire()).isPresent();
    first.release();
    assertThat(chunks.tryAcquire()).isEmpty();
  }

  @Test
  void givesEveryConsumerAPositionOfItsOwn() {
    Chunk chunk = chunks.tryAcquire().orElseThrow();
    chunk.buffer().putInt(42).flip();

    assertThat(chunk.bytes().getInt()).isEqualTo(42);
    assertThat(chunk.bytes().getInt()).isEqualTo(42);
  }
}
