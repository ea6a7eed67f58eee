package dev.darkroom.transfer;

import static dev.darkroom.transfer.Requests.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.codec.Codec;
import dev.darkroom.codec.Compressed;
import dev.darkroom.source.SourceException;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.TransferRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Transfers of compressed bytes that resume: the delivered bytes are staged, because the stored
 * bytes do not tell the position in the source.
 */
class CompressedResumeTest extends TransferResumeContract {

  private static final byte[] DELIVERED = Compressed.with(Codec.GZIP, BYTES);

  CompressedResumeTest() {
    super(DELIVERED);
  }

  @Override
  byte[] delivered(byte[] content) {
    return Compressed.with(Codec.GZIP, content);
  }

  @Override
  Path replayed() throws IOException {
    return staged();
  }

  @Test
  void recordsTheDigestOfTheDeliveryThatItResumed() throws IOException {
    failAfterMostBytes(request().build());

    Outcome.Stored stored = stored(request().build());

    assertThat(stored.facts().delivered().orElseThrow().digests())
        .containsEntry(
            Checksum.Algorithm.SHA256, Requests.digest(Checksum.Algorithm.SHA256, DELIVERED).hex());
  }

  @Test
  void resumesInAnotherProcessRepeatedly() throws IOException {
    failAfterMostBytes(request().build());
    assertThat(store.sweep()).as("unfinished writes of decompressed bytes").isZero();
    restart();
    store = openStore("store");
    source.brokenFrom(BREAK + 10 * PART, SourceException.Kind.UNAVAILABLE);
    assertThat(TransferFixture.failureOf(run(request().build())).reason())
        .isEqualTo(Reason.SOURCE_UNAVAILABLE);
    assertThat(source.repaired().takeBytesRead()).isEqualTo(BREAK + 10 * PART - 25 * PART);
    restart();
    store = openStore("store");

    stored(request().build());

    assertThat(source.takeBytesRead()).isEqualTo(DELIVERED.length - 35 * PART);
    assertStored(store);
    assertNothingLeft();
  }

  @Test
  void comparesTheChecksumOfAllDeliveredBytes() throws IOException {
    Checksum right = Requests.digest(Checksum.Algorithm.SHA512, DELIVERED);
    failAfterMostBytes(request().checksum(right).build());

    stored(request().checksum(right).build());

    assertThat(source.takeBytesRead()).isEqualTo(DELIVERED.length - 25 * PART);
    assertNothingLeft();
  }

  @Test
  void fillsSeveralStoresFromOneStagedDelivery() throws IOException {
    MemoryStore other = new MemoryStore();
    TransferRequest request = Requests.from(source).to(store, other).build();
    failAfterMostBytes(request);

    stored(request);

    assertThat(source.takeBytesRead()).isEqualTo(DELIVERED.length - 25 * PART);
    assertThat(other.content(KEY)).isEqualTo(BYTES);
    assertStored(store);
    assertNothingLeft();
  }

  @Test
  void goesOnWithoutAStagingDirectory() throws IOException {
    staging = directory.resolve("is-not-there");

    stored(request().build());

    assertStored(store);
    assertNothingLeft();
  }

  /** The file of the delivered bytes. */
  private Path staged() throws IOException {
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
