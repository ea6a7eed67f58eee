package dev.darkroom.transfer;

import static dev.darkroom.transfer.Requests.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.format.DiskFormat;
import dev.darkroom.store.Blob;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Facts;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Progress;
import dev.darkroom.transfer.model.TransferRequest;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class TransferSuccessTest extends TransferScenario {

  @Test
  void returnsTheFacts() {
    TransferRequest request = request(new BytesSource(BYTES)).build();

    Outcome.Stored stored = fixture.stored(request);

    assertThat(stored.facts().size()).isEqualTo(BYTES.length);
    assertThat(stored.facts().format()).isEqualTo(DiskFormat.RAW);
    assertThat(stored.facts().sha256())
        .isEqualTo(Requests.digest(Checksum.Algorithm.SHA256, BYTES));
    assertThat(stored.facts().digests()).containsOnlyKeys(Checksum.Algorithm.SHA256);
  }

  @Test
  void publishesTheBytesUnderTheKey() {
    TransferRequest request = request(new BytesSource(BYTES)).build();

    Blob blob = fixture.stored(request).copies().get("store-1");

    assertThat(store.content(KEY)).isEqualTo(BYTES);
    assertThat(blob.key()).isEqualTo(KEY);
    assertThat(blob.size()).isEqualTo(BYTES.length);
    assertThat(blob.attributes())
        .containsEntry("image-uid", "1234")
        .containsEntry("format", "raw")
        .containsEntry("digest-sha256", Requests.digest(Checksum.Algorithm.SHA256, BYTES).hex());
  }

  @Test
  void readsTheSourceOnceForThreeStores() {
    BytesSource source = new BytesSource(BYTES);
    MemoryStore second = new MemoryStore();
    MemoryStore third = new MemoryStore();

    Outcome.Stored stored = fixture.stored(Requests.from(source).to(store, second, third).build());

    assertThat(stored.copies()).containsOnlyKeys("store-1", "store-2", "store-3");
    assertThat(store.content(KEY)).isEqualTo(BYTES);
    assertThat(second.content(KEY)).isEqualTo(BYTES);
    assertThat(third.content(KEY)).isEqualTo(BYTES);
    assertThat(source.openings()).isEqualTo(1);
    assertThat(source.bytesRead()).isEqualTo(BYTES.length);
    assertThat(source.openBodies()).isZero();
  }

  @Test
  void computesTheDigestOfTheChecksumToo() {
    Checksum md5 = Requests.digest(Checksum.Algorithm.MD5, BYTES);
    TransferRequest request = request(new BytesSource(BYTES)).checksum(md5).build();

    Facts facts = fixture.stored(request).facts();

    assertThat(facts.digests())
        .containsOnlyKeys(Checksum.Algorithm.SHA256, Checksum.Algorithm.MD5)
        .containsEntry(Checksum.Algorithm.MD5, md5.hex());
  }

  @Test
  void acceptsBytesWithoutAnAnnouncedLength() {
    BytesSource source = new BytesSource(BYTES).announcing(OptionalLong.empty());

    Outcome.Stored stored = fixture.stored(request(source).build());

    assertThat(stored.facts().size()).isEqualTo(BYTES.length);
  }

  @Test
  void acceptsBytesOneByOne() {
    byte[] few = Requests.bytes(70_001);
    BytesSource source = new BytesSource(few).readingAtMost(1);

    fixture.stored(request(source).build());

    assertThat(store.content(KEY)).isEqualTo(few);
  }

  @Test
  void acceptsBytesThatFillTheirChunksExactly() {
    byte[] exact = Requests.bytes(3 * TransferFixture.CHUNK_BYTES);

    fixture.stored(request(new BytesSource(exact)).build());

    assertThat(store.content(KEY)).isEqualTo(exact);
  }

  @Test
  void keepsProgressAfterTheEnd() {
    String id = fixture.submit(request(new BytesSource(BYTES)).build());
    fixture.outcome(id);

    Progress progress = fixture.transfers().status(id).orElseThrow().progress();

    assertThat(progress.stage()).isEqualTo(Progress.Stage.PUBLISHING);
    assertThat(progress.bytes()).isEqualTo(BYTES.length);
    assertThat(progress.totalBytes()).hasValue(BYTES.length);
    assertThat(progress.head()).isPresent();
  }

  @Test
  void carriesTheLogContextToEveryThread() {
    Set<Map<String, String>> seen = ConcurrentHashMap.newKeySet();
    for (MemoryStore.Operation operation : MemoryStore.Operation.values()) {
      store.on(operation, () -> seen.add(MDC.getCopyOfContextMap()));
    }
    BytesSource source = new BytesSource(BYTES).at(9, () -> seen.add(MDC.getCopyOfContextMap()));

    String id = fixture.submit(Requests.from(source).to(store, new MemoryStore()).build());
    fixture.outcome(id);

    assertThat(seen).containsExactly(Map.of("name", id));
  }
}
