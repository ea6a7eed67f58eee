package dev.darkroom.transfer;

import static dev.darkroom.transfer.Requests.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.format.DiskFormat;
import dev.darkroom.store.Blob;
import dev.darkroom.store.StoreException;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.CopyHealth;
import dev.darkroom.transfer.model.CopySource;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.Target;
import dev.darkroom.transfer.model.TransferRequest;
import dev.darkroom.transfer.model.TransferStatus;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stores that are filled from verified copies. */
@Timeout(60)
class ReplicationTest {

  private static final byte[] BYTES = Requests.bytes(1_000_003);
  private static final String ID = "replication";

  private final TransferFixture fixture = new TransferFixture();
  private final MemoryStore first = new MemoryStore();
  private final MemoryStore second = new MemoryStore();
  private final MemoryStore target = new MemoryStore();
  private Outcome.Stored original;

  @BeforeEach
  void bring() {
    original = fixture.stored(Requests.from(new BytesSource(BYTES)).to(first, second).build());
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void makesACopyWithTheRecordOfTheImport() {
    Outcome.Stored stored = (Outcome.Stored) replicate().orElseThrow();

    assertThat(target.content(KEY)).isEqualTo(BYTES);
    Blob made = stored.copies().get("store-1");
    assertThat(made.attributes()).isEqualTo(original.copies().get("store-1").attributes());
    assertThat(status().sources()).isEqualTo(Map.of("first", new CopyHealth.Good()));
  }

  @Test
  void adoptsAGoodCopyInTheTarget() {
    replicate();
    fixture.transfers().forget(ID);
    target.on(
        MemoryStore.Operation.OPEN,
        () -> {
          throw new StoreException(StoreException.Kind.UNAVAILABLE, "not needed");
        });

    assertThat(replicate().orElseThrow()).isInstanceOf(Outcome.Stored.class);
  }

  @Test
  void readsTheNextCopyWhenOneIsCorruptAndReportsIt() {
    rot(first);

    assertThat(replicate().orElseThrow()).isInstanceOf(Outcome.Stored.class);

    assertThat(target.content(KEY)).isEqualTo(BYTES);
    assertThat(status().sources().get("first")).isInstanceOf(CopyHealth.Corrupt.class);
    assertThat(status().sources().get("second")).isInstanceOf(CopyHealth.Good.class);
  }

  @Test
  void readsTheNextCopyWhenOneIsShortMissingOrUnreadable() throws StoreException {
    Blob blob = original.copies().get("store-1");
    first.holding(KEY, Arrays.copyOf(BYTES, 5000), blob.attributes());
    assertThat(replicate().orElseThrow()).isInstanceOf(Outcome.Stored.class);
    assertThat(status().sources().get("first")).isInstanceOf(CopyHealth.Corrupt.class);

    target.delete(KEY);
    fixture.transfers().forget(ID);
    first.failingAt(MemoryStore.Operation.READ, StoreException.Kind.NOT_FOUND);
    assertThat(replicate().orElseThrow()).isInstanceOf(Outcome.Stored.class);
    assertThat(status().sources().get("first")).isInstanceOf(CopyHealth.Missing.class);

    target.delete(KEY);
    fixture.transfers().forget(ID);
    first.failingAt(MemoryStore.Operation.READ, StoreException.Kind.UNAVAILABLE);
    assertThat(replicate().orElseThrow()).isInstanceOf(Outcome.Stored.class);
    assertThat(status().sources().get("first")).isInstanceOf(CopyHealth.Unreadable.class);
  }

  @Test
  void publishesNothingWhenEveryCopyIsCorrupt() {
    rot(first);
    rot(second);

    Failure failure = TransferFixture.failureOf(replicate().orElseThrow());

    assertThat(failure.reason().recovery()).isEqualTo(Reason.Recovery.RETRY);
    assertThat(failure.message()).startsWith("Store second");
    assertThat(target.isEmpty()).isTrue();
    assertThat(status().sources()).containsOnlyKeys("first", "second");
  }

  @ParameterizedTest
  @EnumSource(names = {"OPEN", "APPEND", "COMMIT", "PROBE"})
  void aFailureOfTheTargetIsNotOneOfTheCopy(MemoryStore.Operation operation) {
    target.failingAt(operation, StoreException.Kind.FULL);

    Failure failure = TransferFixture.failureOf(replicate().orElseThrow());

    assertThat(failure.reason()).isEqualTo(Reason.STORE_FULL);
    assertThat(status().sources().values()).allMatch(CopyHealth.Good.class::isInstance);
    assertThat(target.isEmpty()).isTrue();
  }

  @Test
  void usesServerSideCopy() {
    AtomicInteger readings = new AtomicInteger();
    first.withServerSideCopy().on(MemoryStore.Operation.READ, readings::incrementAndGet);
    target.withServerSideCopy();

    assertThat(replicate().orElseThrow()).isInstanceOf(Outcome.Stored.class);

    assertThat(target.content(KEY)).isEqualTo(BYTES);
    assertThat(readings).hasValue(0);
  }

  @Test
  void readsTheCopyWithoutServerSideCopy() {
    target.withServerSideCopy();

    assertThat(replicate().orElseThrow()).isInstanceOf(Outcome.Stored.class);

    assertThat(target.content(KEY)).isEqualTo(BYTES);
  }

  @Test
  void readsTheRecordOfACopyFromItsStore() {
    Outcome.Stored stored = fixture.stored(copyOfFirst().build());

    assertThat(stored.facts()).isEqualTo(original.facts());
  }

  @Test
  void refusesACopyWhoseFactsDoNotSatisfyTheRequest() {
    Checksum wrong = Requests.digest(Checksum.Algorithm.SHA512, Requests.bytes(5));

    Failure failure = fixture.failure(copyOfFirst().checksum(wrong).build());

    assertThat(failure.reason()).isEqualTo(Reason.CHECKSUM_MISMATCH);
    assertThat(
            fixture.failure(copyOfFirst().declared(Optional.of(DiskFormat.QCOW2)).build()).reason())
        .isEqualTo(Reason.FORMAT_MISMATCH);
    assertThat(target.isEmpty()).isTrue();
  }

  @Test
  void computesTheDigestOfTheRequestedChecksum() {
    Checksum right = Requests.digest(Checksum.Algorithm.SHA512, BYTES);

    Outcome.Stored stored = fixture.stored(copyOfFirst().checksum(right).build());

    assertThat(stored.facts().digests()).containsEntry(Checksum.Algorithm.SHA512, right.hex());
  }

  /** The first copy, without its facts. */
  private Requests copyOfFirst() {
    Blob blob = new Blob(KEY, BYTES.length, Map.of(), Instant.EPOCH);
    return Requests.from(new CopySource(new Target("first", first, KEY), blob)).to(target);
  }

  private Optional<Outcome> replicate() {
    CopySource source =
        new CopySource(
            List.of(
                new CopySource.Copy(
                    new Target("first", first, KEY), original.copies().get("store-1")),
                new CopySource.Copy(
                    new Target("second", second, KEY), original.copies().get("store-2"))));
    TransferRequest request = Requests.from(source).to(target).expecting(original.facts()).build();
    fixture.transfers().submit(ID, request, Map.of());
    return Optional.of(fixture.outcome(ID));
  }

  private TransferStatus status() {
    return fixture.transfers().status(ID).orElseThrow();
  }

  private void rot(MemoryStore store) {
    byte[] rotten = BYTES.clone();
    rotten[500_000] ^= 1;
    store.holding(KEY, rotten, original.copies().get("store-1").attributes());
  }
}
