package dev.darkroom.controller.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StoreTasksTest {

  private final StoreTasks<String> tasks = new StoreTasks<>("test");
  private final Semaphore ended = new Semaphore(0);

  @AfterEach
  void close() {
    tasks.close();
  }

  @Test
  void aTaskThatHangsBlocksOnlyItsOwnId() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    tasks.start("hung", () -> waitFor(gate), ended::release);
    List<String> others = IntStream.range(0, 20).mapToObj(i -> "task-" + i).toList();

    others.forEach(id -> tasks.start(id, () -> id, ended::release));
    ended.acquire(others.size());

    others.forEach(id -> assertThat(tasks.take(id)).contains(id));
    assertThat(tasks.knows("hung")).isTrue();
    assertThat(tasks.take("hung")).isEmpty();

    gate.countDown();
    ended.acquire();
    assertThat(tasks.take("hung")).contains("done");
  }

  @Test
  void anIdInUseStartsNoOtherTask() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    AtomicInteger runs = new AtomicInteger();
    tasks.start("id", () -> waitFor(gate), ended::release);

    tasks.start("id", () -> "run " + runs.incrementAndGet(), ended::release);
    gate.countDown();
    ended.acquire();
    tasks.start("id", () -> "run " + runs.incrementAndGet(), ended::release);

    assertThat(tasks.take("id")).contains("done");
    assertThat(runs).hasValue(0);
  }

  @Test
  void aResultIsTakenOnceAndFreesTheId() throws InterruptedException {
    tasks.start("id", () -> "first", ended::release);
    ended.acquire();

    assertThat(tasks.take("id")).contains("first");
    assertThat(tasks.take("id")).isEmpty();
    assertThat(tasks.knows("id")).isFalse();

    tasks.start("id", () -> "second", ended::release);
    ended.acquire();
    assertThat(tasks.take("id")).contains("second");
  }

  @Test
  void theResultIsAvailableInWhenDone() {
    List<Optional<String>> seen = new CopyOnWriteArrayList<>();

    tasks.start("id", () -> "result", () -> seen.add(tasks.take("id")));

    await().until(() -> !seen.isEmpty());
    assertThat(seen).containsExactly(Optional.of("result"));
  }

  @Test
  void theExceptionOfATaskIsThrownByTakeAndFreesTheId() throws InterruptedException {
    IOException broken = new IOException("broken");
    tasks.start(
        "id",
        () -> {
          throw broken;
        },
        ended::release);
    ended.acquire();

    assertThatThrownBy(() -> tasks.take("id"))
        .isInstanceOf(IllegalStateException.class)
        .hasCause(broken);
    assertThat(tasks.knows("id")).isFalse();
    assertThat(tasks.take("id")).isEmpty();
  }

  @Test
  void closeInterruptsRunningTasks() throws InterruptedException {
    tasks.start("hung", () -> waitFor(new CountDownLatch(1)), ended::release);

    tasks.close();

    ended.acquire();
    assertThatThrownBy(() -> tasks.take("hung")).hasCauseInstanceOf(InterruptedException.class);
  }

  private static String waitFor(CountDownLatch gate) throws InterruptedException {
    gate.await();
    return "done";
  }
}
