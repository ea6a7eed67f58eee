package dev.darkroom.transfer.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ChunksTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final BufferPool pool = new BufferPool(16);
  private final Chunks chunks = new Chunks(pool, 2);

  @Test
  void goesBackWhenTheLastHolderLetsGo() throws InterruptedException {
    Chunk chunk = chunks.acquire(PATIENCE).orElseThrow();
    chunk.retain();

    chunk.release();
    assertThat(pool.idle()).isZero();

    chunk.release();
    assertThat(pool.idle()).isEqualTo(1);
  }

  @Test
  void refusesToBeReleasedMoreOftenThanHeld() throws InterruptedException {
    Chunk chunk = chunks.acquire(PATIENCE).orElseThrow();
    chunk.release();

    assertThatThrownBy(chunk::release).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void usesABufferAgain() throws InterruptedException {
    for (int i = 0; i < 10; i++) {
      Chunk chunk = chunks.acquire(PATIENCE).orElseThrow();
      chunk.buffer().putInt(i);
      chunk.release();
    }

    assertThat(pool.allocated()).isEqualTo(1);
    assertThat(chunks.acquire(PATIENCE).orElseThrow().buffer().remaining()).isEqualTo(16);
  }

  @Test
  void makesTheOneWaitWhoWantsMoreThanThereMayBe() throws InterruptedException {
    Chunk first = chunks.acquire(PATIENCE).orElseThrow();
    Chunk second = chunks.acquire(PATIENCE).orElseThrow();
    CompletableFuture<Chunk> third = new CompletableFuture<>();
    Thread waiting =
        new Thread(
            () -> {
              try {
                third.complete(chunks.acquire(PATIENCE).orElseThrow());
              } catch (InterruptedException e) {
                third.completeExceptionally(e);
              }
            });
    waiting.start();
    await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
    assertThat(third).isNotDone();

    first.release();

    await().until(third::isDone);
    second.release();
    assertThat(pool.allocated()).isEqualTo(2);
  }

  @Test
  void givesEveryReaderAPositionOfItsOwn() throws InterruptedException {
    Chunk chunk = chunks.acquire(PATIENCE).orElseThrow();
    chunk.buffer().putInt(42).flip();

    assertThat(chunk.bytes().getInt()).isEqualTo(42);
    assertThat(chunk.bytes().getInt()).isEqualTo(42);
  }
}
