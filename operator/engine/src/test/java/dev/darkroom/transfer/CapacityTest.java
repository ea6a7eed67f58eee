package dev.darkroom.transfer;

import static dev.darkroom.transfer.Requests.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.format.DiskFormat;
import dev.darkroom.store.BlobKey;
import dev.darkroom.transfer.model.CapacityTracker;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.Target;
import dev.darkroom.transfer.model.TransferRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Stores with a limit of capacity, while bytes flow. */
class CapacityTest {

  private static final int CHUNK = TransferFixture.CHUNK_BYTES;
  private static final byte[] BYTES = Requests.bytes(20 * CHUNK);

  /** Capacity for so many bytes, of all copies together. */
  private static final class Limit implements CapacityTracker {

    private final long limit;
    private final Map<BlobKey, Long> reserved = new HashMap<>();
    private final Map<BlobKey, Long> used = new HashMap<>();
    private long most;

    Limit(long limit) {
      this.limit = limit;
    }

    @Override
    public synchronized Optional<String> reserve(BlobKey key, long bytes) {
      if (bytes > limit) {
        return Optional.of("it is used up.");
      }
      reserved.merge(key, bytes, Math::max);
      most = Math.max(most, bytes);
      return Optional.empty();
    }

    @Override
    public synchronized void published(BlobKey key, long bytes) {
      release(key);
      used.put(key, bytes);
    }

    @Override
    public synchronized void release(BlobKey key) {
      reserved.remove(key);
    }
  }

  private final TransferFixture fixture = new TransferFixture();
  private final MemoryStore store = new MemoryStore();
  private final Limit room = new Limit(BYTES.length);

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aTransferWithoutALengthFailsAtTheCapacity() {
    Limit tight = new Limit(7 * CHUNK);
    BytesSource source = new BytesSource(BYTES).announcing(OptionalLong.empty());

    Failure failure = fixture.failure(request(source, 1, target("small", store, tight)));

    assertThat(failure.reason()).isEqualTo(Reason.STORE_FULL);
    assertThat(failure.message()).isEqualTo("Store small: it is used up.");
    assertThat(store.isEmpty()).isTrue();
    assertThat(tight.most).isLessThanOrEqualTo(7 * CHUNK);
    assertThat(tight.reserved).isEmpty();
    assertThat(tight.used).isEmpty();
  }

  @Test
  void aTransferThatFitsUsesItsBytes() {
    BytesSource source = new BytesSource(BYTES).announcing(OptionalLong.empty());

    fixture.stored(request(source, 1, target("enough", store, room)));

    assertThat(room.used).containsOnly(Map.entry(KEY, (long) BYTES.length));
    assertThat(room.reserved).isEmpty();
  }

  @Test
  void refusesAnAnnouncedSizeBeforeTheFirstByte() {
    BytesSource source = new BytesSource(BYTES);
    Limit tight = new Limit(BYTES.length - 1);

    Failure failure = fixture.failure(request(source, 1, target("small", store, tight)));

    assertThat(failure.reason()).isEqualTo(Reason.STORE_FULL);
    assertThat(source.bytesRead()).isZero();
    assertThat(tight.reserved).isEmpty();
  }

  @Test
  void aFullOptionalStoreDoesNotFailTheOthers() {
    MemoryStore small = new MemoryStore();
    BytesSource source = new BytesSource(BYTES).announcing(OptionalLong.empty());
    Limit tight = new Limit(3 * CHUNK);

    Outcome.Stored stored =
        fixture.stored(
            request(source, 1, target("enough", store, room), target("small", small, tight)));

    assertThat(stored.copies()).containsOnlyKeys("enough");
    assertThat(stored.failures().get("small").reason()).isEqualTo(Reason.STORE_FULL);
    assertThat(small.isEmpty()).isTrue();
    assertThat(tight.reserved).isEmpty();
  }

  @Test
  void aCopyOfAnotherStoreHasTheSameCapacity() {
    fixture.stored(request(new BytesSource(BYTES), 1, target("enough", store, room)));
    MemoryStore other = new MemoryStore();
    Limit tight = new Limit(BYTES.length - 1);
    BytesSource never = new BytesSource(BYTES);

    Failure failure =
        fixture.failure(
            request(never, 2, target("enough", store, room), target("small", other, tight)));

    assertThat(failure.reason()).isEqualTo(Reason.STORE_FULL);
    assertThat(other.isEmpty()).isTrue();
  }

  private static Target target(String name, MemoryStore store, CapacityTracker capacity) {
    return new Target(name, store, KEY, capacity);
  }

  private static TransferRequest request(BytesSource source, int needed, Target... targets) {
    return TransferRequest.of(source, List.of(targets))
        .declaredFormat(Optional.of(DiskFormat.RAW))
        .minCopies(needed)
        .build();
  }
}
