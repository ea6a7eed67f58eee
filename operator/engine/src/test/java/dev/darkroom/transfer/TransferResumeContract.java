package dev.darkroom.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.source.SourceException;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The tests of a resumption that hold for compressed deliveries and for others. */
abstract class TransferResumeContract extends ResumeScenario {

  /**
   * Fetches nothing yet.
   *
   * @param delivered the bytes of the source
   */
  TransferResumeContract(byte[] delivered) {
    super(delivered);
  }

  /** What the source delivers for these contents. */
  abstract byte[] delivered(byte[] content);

  /** The file whose bytes are replayed. */
  abstract Path replayed() throws IOException;

  @Test
  void fetchesOnlyMissingBytes() throws IOException {
    failAfterMostBytes(request().build());

    Outcome.Stored stored = stored(request().build());

    assertThat(source.takeBytesRead()).isEqualTo(length - 25 * PART);
    assertThat(stored.facts().sha256())
        .isEqualTo(Requests.digest(Checksum.Algorithm.SHA256, BYTES));
    assertStored(store);
    assertNothingLeft();
  }

  @Test
  void needsNoSourceWhenAllBytesAreRead() throws IOException {
    TransferFixture first = fixture(Progress.Stage.VALIDATING);
    first.transfers().submit(ID, request().build(), Map.of());
    assertThat(first.outcome(ID)).isInstanceOf(Outcome.Cancelled.class);
    restart();
    source.takeBytesRead();
    source.brokenFrom(0, SourceException.Kind.NOT_FOUND);

    stored(request().build());

    assertThat(source.takeBytesRead()).isZero();
    assertStored(store);
    assertNothingLeft();
  }

  @Test
  void aCancelledTransferLeavesNothing() throws IOException {
    failAfterMostBytes(request().build());
    TransferFixture fixture = fixture(Progress.Stage.RESUMING, Transfers::cancel);

    fixture.transfers().submit(ID, request().build(), Map.of());

    assertThat(fixture.outcome(ID)).isInstanceOf(Outcome.Cancelled.class);
    assertNothingLeft();
  }

  @Test
  void cutsAtTheFirstPartThatDiffers() throws IOException {
    failAfterMostBytes(request().build());
    flip(replayed(), 10 * PART + 5);

    stored(request().build());

    assertThat(source.takeBytesRead()).isEqualTo(length - 10 * PART);
    assertStored(store);
  }

  @Test
  void startsFromTheFirstByteWhenTheSourceHasAnotherVersion() throws IOException {
    failAfterMostBytes(request().build());
    byte[] others = Requests.bytes(BYTES.length + 5);
    source.replaced(delivered(others), "v2");

    Outcome.Stored stored = stored(request().build());

    assertThat(stored.facts().sha256())
        .isEqualTo(Requests.digest(Checksum.Algorithm.SHA256, others));
    assertNothingLeft();
  }
}
