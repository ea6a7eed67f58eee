package dev.darkroom.transfer;

import static dev.darkroom.transfer.Requests.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.codec.Codec;
import dev.darkroom.codec.Compressed;
import dev.darkroom.source.SourceException;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Progress;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.TransferRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Compressed bytes are kept as they are delivered: nothing else leads back to where the source is
 * to be asked to go on.
 */
class CompressedResumeTest extends ResumeScenario {

  private static final byte[] DELIVERED = Compressed.with(Codec.GZIP, BYTES);

  CompressedResumeTest() {
    super(DELIVERED);
  }

  @Test
  void fetchesOnlyWhatIsNotThere() throws IOException {
    breakOff(request().build());

    Outcome.Stored stored = stored(request().build());

    assertThat(source.takeBytesRead()).isEqualTo(DELIVERED.length - 25 * PART);
    assertThat(stored.facts().delivered().orElseThrow().digests())
        .containsEntry(
            Checksum.Algorithm.SHA256, Requests.digest(Checksum.Algorithm.SHA256, DELIVERED).hex());
    assertStored(store);
    assertNothingLeft();
  }

  @Test
  void goesOnInAnotherProcessAgainAndAgain() throws IOException {
    breakOff(request().build());
    assertThat(store.sweep()).as("nothing of what is expanded is left").isZero();
    restart();
    store = openStore("store");
    source.brokenFrom(BREAK + 10 * PART, SourceException.Kind.UNAVAILABLE);
    assertThat(TransferFixture.failureOf(run(request().build())).reason())
        .isEqualTo(Reason.SOURCE_UNAVAILABLE);
    assertThat(source.mended().takeBytesRead()).isEqualTo(BREAK + 10 * PART - 25 * PART);
    restart();
    store = openStore("store");

    stored(request().build());

    assertThat(source.takeBytesRead()).isEqualTo(DELIVERED.length - 35 * PART);
    assertStored(store);
    assertNothingLeft();
  }

  @Test
  void needsNoSourceWhenAllBytesAreThere() throws IOException {
    TransferFixture first = fixture(Progress.Stage.VALIDATING);
    first.transfers().submit(ID, request().build(), Map.of());
    assertThat(first.outcome(ID)).isInstanceOf(Outcome.Cancelled.class);
    restart();
    store = openStore("store");
    source.takeBytesRead();
    source.brokenFrom(0, SourceException.Kind.NOT_FOUND);

    stored(request().build());

    assertThat(source.takeBytesRead()).isZero();
    assertStored(store);
    assertNothingLeft();
  }

  @Test
  void cutsAtTheFirstPartThatIsNotWhatWasDelivered() throws IOException {
    breakOff(request().build());
    flip(kept(), 10 * PART + 5);

    stored(request().build());

    assertThat(source.takeBytesRead()).isEqualTo(DELIVERED.length - 10 * PART);
    assertStored(store);
  }

  @Test
  void aChecksumIsOfAllThatWasDelivered() throws IOException {
    Checksum right = Requests.digest(Checksum.Algorithm.SHA512, DELIVERED);
    breakOff(request().checksum(right).build());

    stored(request().checksum(right).build());

    assertThat(source.takeBytesRead()).isEqualTo(DELIVERED.length - 25 * PART);
    assertNothingLeft();
  }

  @Test
  void beginsAgainWhenTheSourceHasAnotherVersion() throws IOException {
    breakOff(request().build());
    byte[] others = Requests.bytes(BYTES.length + 5);
    source.replaced(Compressed.with(Codec.GZIP, others), "v2");

    Outcome.Stored stored = stored(request().build());

    assertThat(stored.facts().sha256())
        .isEqualTo(Requests.digest(Checksum.Algorithm.SHA256, others));
    assertNothingLeft();
  }

  @Test
  void severalStoresAreFilledFromOneKeptDelivery() throws IOException {
    MemoryStore other = new MemoryStore();
    TransferRequest request = Requests.from(source).to(store, other).build();
    breakOff(request);

    stored(request);

    assertThat(source.takeBytesRead()).isEqualTo(DELIVERED.length - 25 * PART);
    assertThat(other.content(KEY)).isEqualTo(BYTES);
    assertStored(store);
    assertNothingLeft();
  }

  @Test
  void aCancelledImportLeavesNothing() throws IOException {
    breakOff(request().build());
    TransferFixture fixture = fixture(Progress.Stage.RESUMING, Transfers::cancel);
    store = openStore("store");

    fixture.transfers().submit(ID, request().build(), Map.of());

    assertThat(fixture.outcome(ID)).isInstanceOf(Outcome.Cancelled.class);
    assertNothingLeft();
  }

  @Test
  void goesOnWithoutAStagingDirectoryThatTakesThem() throws IOException {
    staging = directory.resolve("is-not-there");

    stored(request().build());

    assertStored(store);
    assertNothingLeft();
  }

  /** The bytes as they were delivered. */
  private Path kept() throws IOException {
    try (Stream<Path> files = Files.walk(staging)) {
      List<Path> large =
          files.filter(Files::isRegularFile).filter(CompressedResumeTest::isLarge).toList();
      assertThat(large).hasSize(1);
      return large.get(0);
    }
  }

  private static boolean isLarge(Path file) {
    try {
      return Files.size(file) >= BREAK / 2;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
