package dev.darkroom.transfer;

import static dev.darkroom.transfer.Requests.KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.darkroom.source.SourceException;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Progress;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.TransferObserver;
import dev.darkroom.transfer.model.TransferOptionsBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Transfers that resume where an earlier attempt, or an earlier process, ended. */
class ResumeTest extends TransferResumeContract {

  ResumeTest() {
    super(BYTES);
  }

  @Override
  byte[] delivered(byte[] content) {
    return content;
  }

  @Override
  Path replayed() throws IOException {
    return partial("store");
  }

  @Test
  void resumesInAnotherProcess() throws IOException {
    failAfterMostBytes(request().build());
    restart();
    store = openStore("store");

    stored(request().build());

    assertThat(source.takeBytesRead()).isEqualTo(BYTES.length - 25 * PART);
    assertStored(store);
    assertNothingLeft();
  }

  @ParameterizedTest
  @CsvSource({"1000, 4096", "4096, 1000", "5000, 7777"})
  void resumesWithChunksOfAnySizeAndThePartSizeOfTheJournal(int chunk, int part)
      throws IOException {
    closedAtTheEnd(
        new TransferFixture(
            TransferOptionsBuilder.builder(options())
                .chunkBytes(chunk)
                .journalPartBytes(part)
                .build(),
            TransferObserver.none()));
    failAfterMostBytes(request().build());
    long first = wholeParts(BREAK / chunk * chunk, part);
    restart();
    store = openStore("store");
    long later = BREAK + 10 * PART;
    source.brokenFrom(later, SourceException.Kind.UNAVAILABLE);
    assertThat(TransferFixture.failureOf(run(request().build())).reason())
        .isEqualTo(Reason.SOURCE_UNAVAILABLE);
    assertThat(source.repaired().takeBytesRead()).isEqualTo(later - first);

    stored(request().build());

    long second = wholeParts(later / PART * PART, part);
    assertThat(source.takeBytesRead()).isEqualTo(BYTES.length - second);
    assertStored(store);
    assertNothingLeft();
  }

  private static long wholeParts(long bytes, int part) {
    return bytes / part * part;
  }

  @Test
  void resumesAfterAShutdown() throws IOException {
    // The transfer waits in VALIDATING until the fixture is closed.
    TransferFixture fixture = fixture(Progress.Stage.VALIDATING, (transfers, id) -> true);
    fixture.transfers().submit(ID, request().build(), Map.of());
    await()
        .until(
            () -> fixture.transfers().status(ID).orElseThrow().progress().stage(),
            Progress.Stage.VALIDATING::equals);
    restart();

    source.takeBytesRead();
    stored(request().build());

    assertThat(source.takeBytesRead()).isZero();
    assertStored(store);
  }

  @Test
  void beginsAgainOnceWhenResumedBytesHaveTheWrongChecksum() throws IOException {
    byte[] others = Requests.bytes(BYTES.length).clone();
    others[3] ^= 1;
    Checksum wanted = Requests.digest(Checksum.Algorithm.SHA256, others);
    failAfterMostBytes(request().checksum(wanted).build());
    // A faulty source: other bytes under the same version.
    source.replaced(others, "v1");

    Outcome.Stored stored = stored(request().checksum(wanted).build());

    assertThat(stored.facts().sha256()).isEqualTo(wanted);
    assertThat(source.takeBytesRead()).isEqualTo(BYTES.length - 25 * PART + others.length);
    assertNothingLeft();
  }

  @Test
  void failsWhenTheChecksumIsWrongFromTheFirstByteToo() throws IOException {
    Checksum wanted = Requests.digest(Checksum.Algorithm.SHA256, Requests.bytes(5));
    failAfterMostBytes(request().checksum(wanted).build());

    Outcome outcome = run(request().checksum(wanted).build());

    assertThat(TransferFixture.failureOf(outcome).reason()).isEqualTo(Reason.CHECKSUM_MISMATCH);
    assertThat(source.takeBytesRead()).isEqualTo(2L * BYTES.length - 25 * PART);
    assertNothingLeft();
    assertThat(store.stat(KEY)).isEmpty();
  }

  @Test
  void anotherRequestStartsFromTheFirstByte() throws IOException {
    failAfterMostBytes(request().build());
    Checksum right = Requests.digest(Checksum.Algorithm.SHA256, BYTES);

    stored(request().checksum(right).build());

    assertThat(source.takeBytesRead()).isEqualTo(BYTES.length);
    assertNothingLeft();
  }

  @Test
  void aTransferThatIsSuspendedWhileItResumesResumesLater() throws IOException {
    failAfterMostBytes(request().build());
    TransferFixture fixture = fixture(Progress.Stage.RESUMING);
    fixture.transfers().submit(ID, request().build(), Map.of());
    fixture.outcome(ID);
    restart();

    stored(request().build());

    assertThat(source.takeBytesRead()).isEqualTo(BYTES.length - 25 * PART);
  }

  @Test
  void aTransferThatIsSuspendedTwiceKeepsItsJournalAndItsPartialFiles() throws IOException {
    TransferFixture fixture =
        fixture(
            Progress.Stage.VALIDATING,
            (transfers, id) -> {
              boolean first = transfers.suspend(id);
              return transfers.suspend(id) && first;
            });

    fixture.transfers().submit(ID, request().build(), Map.of());

    assertThat(fixture.outcome(ID)).isInstanceOf(Outcome.Cancelled.class);
    assertThat(journal()).exists();
    assertThat(partial("store")).exists();
    restart();
    source.takeBytesRead();
    stored(request().build());
    assertThat(source.takeBytesRead()).isZero();
    assertStored(store);
  }

  @Test
  void aTerminalFailureLeavesNothing() throws IOException {
    failAfterMostBytes(request().build());
    source.brokenFrom(0, SourceException.Kind.NOT_FOUND);

    Outcome outcome = run(request().build());

    assertThat(TransferFixture.failureOf(outcome).reason()).isEqualTo(Reason.SOURCE_NOT_FOUND);
    assertNothingLeft();
  }

  @Test
  void discardRemovesTheJournalAndTheWrites() throws IOException {
    source.brokenFrom(BREAK, SourceException.Kind.UNAVAILABLE);
    TransferFixture fixture = fixture();
    fixture.transfers().submit(ID, request().build(), Map.of());
    fixture.outcome(ID);
    assertThat(partial("store")).exists();

    fixture.transfers().discard(ID);

    await().untilAsserted(this::assertNothingLeft);
  }

  @Test
  void aSweepKeepsUnfinishedWritesUntilTheirJournalIsRemoved() throws IOException {
    TransferFixture fixture = failAfterMostBytes(request().build());
    Set<String> keep = fixture.transfers().tokensToKeep("store-1").orElseThrow();

    assertThat(keep).hasSize(1);
    assertThat(fixture.transfers().tokensToKeep("store-2")).contains(Set.of());
    assertThat(store.sweep(keep)).isZero();

    fixture.transfers().retain(Set.of("another"));

    await().until(() -> fixture.transfers().tokensToKeep("store-1"), Optional.of(Set.of())::equals);
    assertThat(store.sweep(Set.of())).isEqualTo(1);
  }

  @Test
  void startsFromTheFirstByteAfterAnUnreadableJournal() throws IOException {
    for (String first : List.of("{\"version\":99}\n", "\0\0\0\0\0\n", "{\n")) {
      failAfterMostBytes(request().build());
      Path journal = journal();
      byte[] rest = Files.readAllBytes(journal);
      Files.writeString(journal, first);
      Files.write(journal, rest, StandardOpenOption.APPEND);

      stored(request().build());

      assertThat(source.takeBytesRead()).isEqualTo(BYTES.length);
      store.delete(KEY);
      store.sweep();
    }
  }

  @Test
  void readsAJournalUpToItsFirstBrokenLine() throws IOException {
    failAfterMostBytes(request().build());
    String text = Files.readString(journal());
    Files.writeString(journal(), text.substring(0, text.indexOf("{\"part\":20") + 12));

    stored(request().build());

    assertThat(source.takeBytesRead()).isEqualTo(BYTES.length - 20 * PART);
    assertStored(store);
  }

  @Test
  void goesOnWithoutAStagingDirectory() throws IOException {
    staging = directory.resolve("is-not-there");
    failAfterMostBytes(request().build());
    assertThat(store.sweep()).isZero();

    stored(request().build());

    assertThat(source.takeBytesRead()).isEqualTo(BYTES.length);
  }

  @Test
  void aSecondProcessDoesNotUseTheStagingDirectory() throws IOException {
    TransferFixture first = failAfterMostBytes(request().build());
    TransferFixture second = fixture();
    source.repaired();

    second.stored(request().build());

    assertThat(source.takeBytesRead()).isEqualTo(BYTES.length);
    assertThat(first.transfers().tokensToKeep("store-1").orElseThrow()).hasSize(1);
  }
}
