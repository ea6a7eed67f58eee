package dev.darkroom.transfer;

import static dev.darkroom.transfer.Requests.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.format.DiskFormat;
import dev.darkroom.source.SourceException;
import dev.darkroom.store.Blob;
import dev.darkroom.store.StoreException;
import dev.darkroom.transfer.copy.CopyRecord;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.TransferRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies that an attempt finds: of an earlier attempt, or of another request. */
class AdoptionTest extends TransferScenario {

  private static final byte[] OTHER = Requests.bytes(400_000);

  @Test
  void adoptsACopyOfAnAttemptThatDied() {
    Checksum md5 = Requests.digest(Checksum.Algorithm.MD5, BYTES);
    Requests request = request(new BytesSource(BYTES)).checksum(md5);
    Outcome.Stored first = fixture.stored(request.build());
    BytesSource again = new BytesSource(OTHER);

    Outcome.Stored second = fixture.stored(request(again).checksum(md5).build());

    assertThat(second).isEqualTo(first);
    assertThat(again.openings()).isZero();
  }

  @Test
  void replacesACopyOfAnotherSource() {
    fixture.stored(Requests.from(new BytesSource(OTHER).named("elsewhere")).to(store).build());

    fixture.stored(request(new BytesSource(BYTES)).build());

    assertThat(store.content(KEY)).isEqualTo(BYTES);
  }

  @Test
  void replacesACopyOfAnotherChecksumOrFormat() {
    Checksum checksum = Requests.digest(Checksum.Algorithm.SHA256, BYTES);
    fixture.stored(request(new BytesSource(OTHER)).build());
    fixture.stored(request(new BytesSource(BYTES)).checksum(checksum).build());
    assertThat(store.content(KEY)).isEqualTo(BYTES);

    TransferRequest kernel =
        request(new BytesSource(OTHER)).declared(Optional.of(DiskFormat.AKI)).build();

    assertThat(fixture.stored(kernel).facts().format()).isEqualTo(DiskFormat.AKI);
    assertThat(store.content(KEY)).isEqualTo(OTHER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fingerprint", "digest-sha256", "format"})
  void replacesACopyWhoseRecordIsIncomplete(String attribute) {
    Map<String, String> attributes = new HashMap<>(attributesOfAPublishedCopy());
    attributes.remove(attribute);
    store.holding(KEY, OTHER, attributes);

    fixture.stored(request(new BytesSource(BYTES)).build());

    assertThat(store.content(KEY)).isEqualTo(BYTES);
  }

  @Test
  void failsWhenABlobCanNotBeDeleted() {
    store.holding(KEY, OTHER, Map.of());
    store.failingAt(MemoryStore.Operation.DELETE, StoreException.Kind.READ_ONLY);

    Failure failure = fixture.failure(request(new BytesSource(BYTES)).build());

    assertThat(failure.reason()).isEqualTo(Reason.STORE_READ_ONLY);
  }

  @Test
  void fillsTheOtherStoresFromAnAdoptedCopy() {
    BytesSource gone =
        new BytesSource(OTHER)
            .failingToOpen(new SourceException(SourceException.Kind.NOT_FOUND, "gone"));
    store.holding(KEY, BYTES, attributesOfAPublishedCopy());
    MemoryStore second = new MemoryStore();
    MemoryStore third = new MemoryStore();

    Outcome.Stored stored = fixture.stored(Requests.from(gone).to(second, third).to(store).build());

    assertThat(stored.copies()).containsOnlyKeys("store-1", "store-2", "store-3");
    assertThat(second.content(KEY)).isEqualTo(BYTES);
    assertThat(third.content(KEY)).isEqualTo(BYTES);
    assertThat(CopyRecord.of(stored.copies().get("store-1")))
        .isEqualTo(CopyRecord.of(stored.copies().get("store-3")));
    assertThat(stored.facts().sha256())
        .isEqualTo(Requests.digest(Checksum.Algorithm.SHA256, BYTES));
  }

  @Test
  void fillsTheOtherStoresFromACopyThatWasDeliveredCompressed() throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(BYTES);
    }
    Checksum checksum = Requests.digest(Checksum.Algorithm.SHA256, compressed.toByteArray());
    BytesSource source = new BytesSource(compressed.toByteArray());
    fixture.stored(request(source).checksum(checksum).build());
    int before = source.openings();
    MemoryStore second = new MemoryStore();

    fixture.stored(Requests.from(source).to(store, second).checksum(checksum).build());

    assertThat(source.openings()).isEqualTo(before);
    assertThat(second.content(KEY)).isEqualTo(BYTES);
  }

  @Test
  void doesNotReplicateACorruptCopy() {
    byte[] rotten = BYTES.clone();
    rotten[rotten.length / 2] ^= 1;
    store.holding(KEY, rotten, attributesOfAPublishedCopy());
    MemoryStore second = new MemoryStore();

    Failure failure =
        fixture.failure(Requests.from(new BytesSource(BYTES)).to(store, second).build());

    assertThat(failure.reason()).isEqualTo(Reason.STORE_UNAVAILABLE);
    assertThat(failure.message()).contains("store-1", "it is 1000003 bytes with sha256:");
    assertThat(second.isEmpty()).isTrue();
    assertThat(store.content(KEY)).isEqualTo(rotten);
  }

  @Test
  void fillsOthersFromTheFirstOfTwoCopiesThatDisagree() {
    store.holding(KEY, BYTES, attributesOfAPublishedCopy());
    Blob differing =
        fixture
            .stored(Requests.from(new BytesSource(OTHER)).to(new MemoryStore()).build())
            .copies()
            .get("store-1");
    MemoryStore second = new MemoryStore().holding(KEY, OTHER, differing.attributes());

    fixture.stored(Requests.from(new BytesSource(OTHER)).to(store, second).build());

    assertThat(second.content(KEY)).isEqualTo(BYTES);
  }

  private Map<String, String> attributesOfAPublishedCopy() {
    return fixture
        .stored(Requests.from(new BytesSource(BYTES)).to(new MemoryStore()).build())
        .copies()
        .get("store-1")
        .attributes();
  }
}
