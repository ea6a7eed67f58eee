package dev.darkroom.transfer;

import static dev.darkroom.transfer.Requests.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.source.SourceException;
import dev.darkroom.store.Blob;
import dev.darkroom.store.BlobKey;
import dev.darkroom.transfer.model.Facts;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.PriorCopies;
import dev.darkroom.transfer.model.TransferRequest;
import dev.darkroom.transfer.model.TransferRequestBuilder;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A copy of the same bytes under another key. */
class PriorCopiesTest {

  private static final byte[] BYTES = Requests.bytes(1_000_003);
  private static final BlobKey FORMER = BlobKey.of("tenant", "image-0", "content");

  private final TransferFixture fixture = new TransferFixture();
  private final MemoryStore store = new MemoryStore();
  private final BytesSource source = new BytesSource(BYTES);

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void isReadInsteadOfTheSourceAndNotChanged() {
    store.holding(FORMER, BYTES, attributes());
    BytesSource gone =
        new BytesSource(BYTES)
            .failingToOpen(new SourceException(SourceException.Kind.NOT_FOUND, "gone"));
    MemoryStore second = new MemoryStore();

    Outcome.Stored stored =
        fixture.stored(
            inheriting(Requests.from(gone).to(second, store).build(), (blob, facts) -> true));

    assertThat(stored.copies()).containsOnlyKeys("store-1", "store-2");
    assertThat(store.content(KEY)).isEqualTo(BYTES);
    assertThat(second.content(KEY)).isEqualTo(BYTES);
    assertThat(store.content(FORMER)).isEqualTo(BYTES);
  }

  @Test
  void isReadAlsoWhereTheStoreHasServerSideCopy() {
    byte[] rotten = BYTES.clone();
    rotten[7] ^= 1;
    MemoryStore quick = new MemoryStore().withServerSideCopy();
    quick.holding(FORMER, rotten, attributes());

    fixture.stored(inheriting(Requests.from(source).to(quick).build(), (blob, facts) -> true));

    assertThat(source.openings()).isEqualTo(1);
    assertThat(quick.content(KEY)).isEqualTo(BYTES);
    assertThat(quick.content(FORMER)).as("the prior copy").isEqualTo(rotten);
  }

  @Test
  void isIgnoredWhenItDoesNotFit() {
    store.holding(FORMER, BYTES, attributes());

    fixture.stored(inheriting(Requests.from(source).to(store).build(), (blob, facts) -> false));

    assertThat(source.openings()).isEqualTo(1);
  }

  @Test
  void isIgnoredWithoutARecord() {
    store.holding(FORMER, BYTES, Map.of("image-uid", "1234"));

    fixture.stored(inheriting(Requests.from(source).to(store).build(), (blob, facts) -> true));

    assertThat(source.openings()).isEqualTo(1);
  }

  private static TransferRequest inheriting(
      TransferRequest request, BiPredicate<Blob, Facts> fits) {
    return TransferRequestBuilder.builder(request)
        .priorCopies(Optional.of(new PriorCopies("tenant/image-", fits)))
        .build();
  }

  private Map<String, String> attributes() {
    return fixture
        .stored(Requests.from(new BytesSource(BYTES)).to(new MemoryStore()).build())
        .copies()
        .get("store-1")
        .attributes();
  }
}
