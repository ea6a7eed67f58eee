package dev.darkroom.controller.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.store.BlobKey;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StoreCapacityTest {

  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final BlobKey A = BlobKey.of("lab", "a");
  private static final BlobKey B = BlobKey.of("lab", "b");
  private static final long GIB = 1L << 30;

  private final StoreCapacity room = new StoreCapacity();

  @Test
  void withoutACapacityNothingIsRefused() {
    room.count(5 * GIB, Set.of(), NOW);

    assertThat(room.left()).isEmpty();
    assertThat(room.reserve(A, Long.MAX_VALUE / 2)).isEmpty();
  }

  @Test
  void concurrentWritesShareTheCapacity() {
    limited(10 * GIB, 3 * GIB);

    assertThat(room.reserve(A, 4 * GIB)).isEmpty();
    assertThat(room.left()).hasValue(3 * GIB);
    assertThat(room.reserve(B, 4 * GIB).orElseThrow()).contains("7GiB", "10GiB", "4GiB more");
    room.release(A);
    assertThat(room.reserve(B, 4 * GIB)).isEmpty();
  }

  @Test
  void aGrowingWriteIsCountedOnce() {
    limited(10 * GIB, 0);

    for (int i = 1; i <= 10; i++) {
      assertThat(room.reserve(A, i * GIB)).isEmpty();
    }
    assertThat(room.taken()).isEqualTo(10 * GIB);
    assertThat(room.reserve(A, 10 * GIB + 1)).isPresent();
    assertThat(room.reserve(A, 3 * GIB)).as("its own reservation").isEmpty();
    assertThat(room.taken()).isEqualTo(10 * GIB);
  }

  @Test
  void aPublishedCopyCountsUntilItIsInAStatus() {
    limited(10 * GIB, 0);
    room.reserve(A, 6 * GIB);
    room.published(A, 5 * GIB);

    room.count(0, Set.of(), NOW.plusSeconds(1));
    assertThat(room.taken()).isEqualTo(5 * GIB);

    room.count(5 * GIB, Set.of(A), NOW.plusSeconds(2));
    assertThat(room.taken()).isEqualTo(5 * GIB);
  }

  @Test
  void aPublishedCopyInNoStatusIsForgotten() {
    limited(10 * GIB, 0);
    room.published(A, 5 * GIB);
    room.reserve(B, GIB);

    room.count(0, Set.of(), NOW.plus(Duration.ofMinutes(11)));

    assertThat(room.taken()).as("the write that still runs").isEqualTo(GIB);
  }

  @Test
  void aLoweredCapacityLeavesNoFreeBytes() {
    limited(10 * GIB, 9 * GIB);

    room.limit(OptionalLong.of(5 * GIB));

    assertThat(room.left()).hasValue(0);
    assertThat(room.reserve(A, 1)).isPresent();
  }

  private void limited(long capacity, long told) {
    room.limit(OptionalLong.of(capacity));
    room.count(told, Set.of(), NOW);
  }
}
