package dev.darkroom.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.format.DiskFormat;
import dev.darkroom.source.SourceException;
import dev.darkroom.store.StoreException;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.TransferRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TransferFailureTest {

  private static final byte[] BYTES = Requests.bytes(1_000_003);

  private final TransferFixture fixture = new TransferFixture();
  private final MemoryStore store = new MemoryStore();

  @AfterEach
  void leavesNothingBehind() {
    fixture.close();
    assertThat(store.isEmpty()).isTrue();
    assertThat(fixture.transfers().buffers().idle())
        .isEqualTo(fixture.transfers().buffers().allocated());
  }

  @ParameterizedTest
  @CsvSource({
    "INVALID, INVALID_SOURCE",
    "NOT_FOUND, SOURCE_NOT_FOUND",
    "FORBIDDEN, SOURCE_FORBIDDEN",
    "BLOCKED, SOURCE_BLOCKED",
    "REDIRECT_REFUSED, REDIRECT_REFUSED",
    "UNAVAILABLE, SOURCE_UNAVAILABLE",
    "TRUNCATED, SOURCE_TRUNCATED",
    "OVERLONG, SIZE_MISMATCH"
  })
  void mapsTheFailureOfASource(SourceException.Kind kind, Reason reason) {
    BytesSource closed = new BytesSource(BYTES).failingToOpen(new SourceException(kind, "Alas."));
    BytesSource broken = new BytesSource(BYTES).failingAt(500_000, kind);

    assertThat(fixture.failure(Requests.from(closed).to(store).build()))
        .isEqualTo(Failure.of(reason, "Alas."));
    assertThat(fixture.failure(Requests.from(broken).to(store).build()).reason()).isEqualTo(reason);
    assertThat(broken.openBodies()).isZero();
  }

  @Test
  void passesOnTheRequestedWaitOfTheSource() {
    Optional<Duration> aMinute = Optional.of(Duration.ofMinutes(1));
    BytesSource busy =
        new BytesSource(BYTES)
            .failingToOpen(new SourceException(SourceException.Kind.UNAVAILABLE, "Busy.", aMinute));

    Failure failure = fixture.failure(Requests.from(busy).to(store).build());

    assertThat(failure.retryAfter()).isEqualTo(aMinute);
  }

  @ParameterizedTest
  @CsvSource({
    "UNAVAILABLE, STORE_UNAVAILABLE",
    "FULL, STORE_FULL",
    "READ_ONLY, STORE_READ_ONLY",
    "NOT_FOUND, STORE_UNAVAILABLE",
    "ALREADY_EXISTS, STORE_UNAVAILABLE",
    "CORRUPT, STORE_UNAVAILABLE"
  })
  void mapsTheFailureOfAStoreAndNamesIt(StoreException.Kind kind, Reason reason) {
    store.failingAt(MemoryStore.Operation.APPEND, kind);

    Failure failure = fixture.failure(Requests.from(new BytesSource(BYTES)).to(store).build());

    assertThat(failure).isEqualTo(Failure.of(reason, "Store store-1: no APPEND"));
  }

  @ParameterizedTest
  @EnumSource(names = {"STAT", "PROBE"})
  void doesNotOpenTheSourceWhenAStoreFails(MemoryStore.Operation operation) {
    BytesSource source = new BytesSource(BYTES);
    store.failingAt(operation, StoreException.Kind.READ_ONLY);

    Failure failure = fixture.failure(Requests.from(source).to(store).build());

    assertThat(failure.reason()).isEqualTo(Reason.STORE_READ_ONLY);
    assertThat(source.openings()).isZero();
  }

  @Test
  void refusesBytesAboveTheCapacityBeforeBytesFlow() {
    BytesSource source = new BytesSource(BYTES);
    store.withRoomFor(BYTES.length - 1);

    Failure failure = fixture.failure(Requests.from(source).to(store).build());

    assertThat(failure.reason()).isEqualTo(Reason.STORE_FULL);
    assertThat(failure.message()).contains("store-1", "1000002", "1000003");
    assertThat(source.bytesRead()).isZero();
  }

  @Test
  void refusesAnAnnouncedLengthOfZeroBeforeReading() {
    Failure failure =
        fixture.failure(Requests.from(new BytesSource(new byte[0])).to(store).build());

    assertThat(failure)
        .isEqualTo(Failure.of(Reason.SIZE_MISMATCH, "The source announces 0 bytes."));
  }

  @Test
  void refusesZeroBytesWithoutAnAnnouncedLength() {
    BytesSource source = new BytesSource(new byte[0]).announcing(OptionalLong.empty());

    Failure failure = fixture.failure(Requests.from(source).to(store).build());

    assertThat(failure.reason()).isEqualTo(Reason.SIZE_MISMATCH);
    assertThat(failure.message()).contains("0 bytes");
  }

  @Test
  void refusesFewerBytesThanAnnounced() {
    BytesSource source = new BytesSource(BYTES).announcing(OptionalLong.of(BYTES.length + 1));

    Failure failure = fixture.failure(Requests.from(source).to(store).build());

    assertThat(failure.reason()).isEqualTo(Reason.SOURCE_TRUNCATED);
  }

  @Test
  void stopsReadingAtMoreBytesThanAnnounced() {
    BytesSource source =
        new BytesSource(BYTES).announcing(OptionalLong.of(100_000)).readingAtMost(1000);

    Failure failure = fixture.failure(Requests.from(source).to(store).build());

    assertThat(failure.reason()).isEqualTo(Reason.SIZE_MISMATCH);
    assertThat(source.bytesRead()).isBetween(100_001L, 101_000L);
  }

  @Test
  void namesBothChecksumsThatDiffer() {
    Checksum wrong = Requests.digest(Checksum.Algorithm.SHA512, Requests.bytes(5));

    Failure failure =
        fixture.failure(Requests.from(new BytesSource(BYTES)).to(store).checksum(wrong).build());

    assertThat(failure.reason()).isEqualTo(Reason.CHECKSUM_MISMATCH);
    assertThat(failure.message())
        .contains(wrong.toString())
        .contains(Requests.digest(Checksum.Algorithm.SHA512, BYTES).toString());
  }

  @Test
  void refusesAnUnknownFormatUnlessDeclared() {
    TransferRequest request =
        Requests.from(new BytesSource(BYTES)).to(store).declared(Optional.empty()).build();

    assertThat(fixture.failure(request).reason()).isEqualTo(Reason.UNKNOWN_FORMAT);
  }

  @Test
  void refusesAFormatThatWasNotDeclared() {
    TransferRequest request =
        Requests.from(new BytesSource(BYTES))
            .to(store)
            .declared(Optional.of(DiskFormat.QCOW2))
            .build();

    assertThat(fixture.failure(request).reason())
        .isIn(Reason.FORMAT_MISMATCH, Reason.UNKNOWN_FORMAT);
  }

  @Test
  void refusesAWebPageInPlaceOfAnImage() {
    byte[] page =
        "<!DOCTYPE html><html><body>Log in</body></html>".getBytes(StandardCharsets.UTF_8);

    Failure failure = fixture.failure(Requests.from(new BytesSource(page)).to(store).build());

    assertThat(failure.reason().recovery()).isEqualTo(Reason.Recovery.TERMINAL);
  }

  @Test
  void stopsAtAnUnsafeHeaderBeforeTheRestIsRead() {
    int size = 8 << 20;
    BytesSource source =
        new BytesSource(Requests.qcow2WithBackingFile(size)).readingAtMost(16 << 10);

    Failure failure =
        fixture.failure(Requests.from(source).to(store).declared(Optional.empty()).build());

    assertThat(failure.reason()).isEqualTo(Reason.UNSAFE_IMAGE);
    assertThat(failure.message()).contains("backing file");
    assertThat(source.bytesRead()).isLessThanOrEqualTo(64 << 10);
    assertThat(source.openBodies()).isZero();
  }

  @Test
  void survivesASourceWithABug() {
    BytesSource opening =
        new BytesSource(BYTES)
            .onOpen(
                () -> {
                  throw new IllegalStateException("secret");
                });
    BytesSource reading =
        new BytesSource(BYTES)
            .at(
                300_000,
                () -> {
                  throw new OutOfMemoryError("secret");
                });

    Failure first = fixture.failure(Requests.from(opening).to(store).build());
    Failure second = fixture.failure(Requests.from(reading).to(store).build());

    assertThat(first.reason()).isEqualTo(Reason.SOURCE_UNAVAILABLE);
    assertThat(first.message()).contains("IllegalStateException").doesNotContain("secret");
    assertThat(second.reason()).isEqualTo(Reason.SOURCE_UNAVAILABLE);
    assertThat(second.message()).contains("OutOfMemoryError").doesNotContain("secret");
  }

  @ParameterizedTest
  @EnumSource(names = {"STAT", "PROBE", "OPEN", "APPEND", "COMMIT"})
  void survivesAStoreWithABug(MemoryStore.Operation operation) {
    store.on(
        operation,
        () -> {
          throw new StackOverflowError("secret");
        });

    Failure failure = fixture.failure(Requests.from(new BytesSource(BYTES)).to(store).build());

    assertThat(failure.reason()).isEqualTo(Reason.STORE_UNAVAILABLE);
    assertThat(failure.message()).contains("store-1", "StackOverflowError");
  }

  @Test
  void survivesAStoreThatFailsToAbort() {
    store
        .failingAt(MemoryStore.Operation.APPEND, StoreException.Kind.FULL)
        .on(
            MemoryStore.Operation.ABORT,
            () -> {
              throw new IllegalStateException("stuck");
            });

    Failure failure = fixture.failure(Requests.from(new BytesSource(BYTES)).to(store).build());

    assertThat(failure.reason()).isEqualTo(Reason.STORE_FULL);
  }

  @Test
  void ignoresInterruptsThatSourcesAndStoresLeaveBehind() {
    BytesSource source =
        new BytesSource(BYTES).at(100_000, () -> Thread.currentThread().interrupt());
    MemoryStore rude = store;
    rude.on(MemoryStore.Operation.APPEND, () -> Thread.currentThread().interrupt());
    rude.on(MemoryStore.Operation.STAT, () -> Thread.currentThread().interrupt());

    Outcome.Stored stored = fixture.stored(Requests.from(source).to(rude).build());

    assertThat(stored.facts().size()).isEqualTo(BYTES.length);
    assertThat(rude.openWrites()).isZero();
    assertThat(deleted(rude)).isTrue();
  }

  private static boolean deleted(MemoryStore store) {
    try {
      return store.delete(Requests.KEY);
    } catch (StoreException e) {
      throw new AssertionError(e);
    }
  }
}
