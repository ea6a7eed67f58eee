package dev.darkroom.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.darkroom.store.StoreException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The contract of every {@link BlobStore}, with and without the capabilities. A store's test class
 * extends this and opens the store.
 */
public abstract class BlobStoreContract extends ResumeContract {

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stopThreads() {
    threads.shutdownNow();
  }

  @Test
  void nothingIsVisibleBeforeTheCommit() throws IOException {
    try (BlobWrite write = store.open(KEY)) {
      write.append(bytes("half of it"));

      assertThat(write.position()).isEqualTo(10);
      assertThat(store.stat(KEY)).isEmpty();
      assertThat(listed("")).isEmpty();
      assertFails(Kind.NOT_FOUND, () -> store.read(KEY, 0, 1));
      assertThat(store.delete(KEY)).isFalse();
    }
  }

  @Test
  void aCommittedBlobIsReadThroughAnotherStoreObject() throws IOException {
    Blob blob;
    try (BlobWrite write = store.open(KEY)) {
      write.append(bytes("the whole "));
      write.append(bytes("of it"));
      blob = write.commit(Map.of("format", "raw"));
    }

    assertThat(blob.key()).isEqualTo(KEY);
    assertThat(blob.size()).isEqualTo(15);
    assertThat(blob.attributes()).containsExactly(Map.entry("format", "raw"));
    try (BlobStore other = openStore()) {
      assertThat(other.stat(KEY)).contains(blob);
      assertThat(read(other, KEY, 0, 15)).asString(UTF_8).isEqualTo("the whole of it");
    }
  }

  @Test
  void anAbortedWriteLeavesNothing() throws IOException {
    BlobWrite write = store.open(KEY);
    write.append(bytes("something"));

    write.abort();
    write.abort();
    write.close();

    assertThat(store.stat(KEY)).isEmpty();
    assertThat(store.sweep()).isZero();
  }

  @Test
  void closingWithoutACommitAborts() throws IOException {
    try (BlobWrite write = store.open(KEY)) {
      write.append(bytes("something"));
    }

    assertThat(store.stat(KEY)).isEmpty();
    assertThat(store.sweep()).isZero();
  }

  @Test
  void abortAndCloseAfterACommitChangeNothing() throws IOException {
    BlobWrite write = store.open(KEY);
    write.commit(Map.of());

    write.abort();
    write.close();

    assertThat(store.stat(KEY)).isPresent();
  }

  @Test
  void anEndedWriteRefusesAppends() throws IOException {
    BlobWrite committed = store.open(KEY);
    committed.commit(Map.of());
    BlobWrite aborted = store.open(BlobKey.of("lab", "other"));
    aborted.abort();

    for (BlobWrite ended : List.of(committed, aborted)) {
      assertThatIllegalStateException().isThrownBy(() -> ended.append(bytes("more")));
      assertThatIllegalStateException().isThrownBy(() -> ended.commit(Map.of()));
    }
  }

  @Test
  void aPublishedKeyCanNotBeOpenedAgain() throws IOException {
    publish(KEY, "first");

    assertFails(Kind.ALREADY_EXISTS, () -> store.open(KEY));
  }

  @Test
  void theSecondCommitFailsAndTheFirstBlobStays() throws IOException {
    try (BlobWrite slow = store.open(KEY)) {
      slow.append(bytes("second"));
      Blob first = publish(KEY, "first");

      assertFails(Kind.ALREADY_EXISTS, () -> slow.commit(Map.of("by", "slow")));

      assertThat(store.stat(KEY)).contains(first);
      assertThat(read(store, KEY, 0, 100)).asString(UTF_8).isEqualTo("first");
      assertThat(store.sweep()).as("leftovers of the second writer").isZero();
    }
  }

  @Test
  void ofEightRacingWritersExactlyOneWins() throws Exception {
    int writers = 8;
    for (int round = 0; round < 20; round++) {
      BlobKey key = BlobKey.of("race", "r" + round);
      CyclicBarrier start = new CyclicBarrier(writers);
      List<Future<Optional<Blob>>> results = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        String content = "writer " + i;
        results.add(threads.submit(() -> race(key, content, start)));
      }

      List<Blob> winners = new ArrayList<>();
      for (Future<Optional<Blob>> result : results) {
        result.get().ifPresent(winners::add);
      }

      assertThat(winners).hasSize(1);
      String winner = winners.get(0).attributes().get("content");
      assertThat(store.stat(key)).contains(winners.get(0));
      assertThat(read(store, key, 0, 100)).asString(UTF_8).isEqualTo(winner);
    }
    assertThat(store.sweep()).isZero();
  }

  private Optional<Blob> race(BlobKey key, String content, CyclicBarrier start) throws Exception {
    try (BlobWrite write = store.open(key)) {
      write.append(bytes(content));
      start.await();
      return Optional.of(write.commit(Map.of("content", content)));
    } catch (StoreException e) {
      assertThat(e.kind()).isEqualTo(Kind.ALREADY_EXISTS);
      return Optional.empty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 10, 0123456789",
    "0, 1, 0",
    "9, 1, 9",
    "3, 4, 3456",
    "3, 0, ''",
    "0, 11, 0123456789",
    "8, 9223372036854775807, 89",
    "10, 0, ''",
    "10, 5, ''"
  })
  void aRangeIsReadUpToTheEndOfTheBlob(long offset, long length, String expected)
      throws IOException {
    publish(KEY, "0123456789");

    assertThat(read(store, KEY, offset, length)).asString(UTF_8).isEqualTo(expected);
  }

  @Test
  void anInvalidRangeIsRefused() throws IOException {
    publish(KEY, "0123456789");

    assertThatIllegalArgumentException().isThrownBy(() -> store.read(KEY, -1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> store.read(KEY, 0, -1));
    assertThatIllegalArgumentException().isThrownBy(() -> store.read(KEY, 11, 0));
  }

  @Test
  void aReadWritesOnlyToItsPartOfTheBuffer() throws IOException {
    publish(KEY, "0123456789");
    ByteBuffer buffer = ByteBuffer.allocate(8);
    buffer.position(2).limit(7);

    try (ReadableByteChannel channel = store.read(KEY, 4, 2)) {
      while (channel.read(buffer) > 0) {
        // Until all bytes of the range have come.
      }
    }

    assertThat(buffer.position()).isEqualTo(4);
    assertThat(buffer.limit()).isEqualTo(7);
    assertThat(buffer.array()).isEqualTo(new byte[] {0, 0, '4', '5', 0, 0, 0, 0});
  }

  @Test
  void theListIsInKeyOrderAndHoldsThePrefixOnly() throws IOException {
    List<String> keys =
        List.of(
            "b",
            "a/x",
            "a-b/x",
            "a.b",
            "a0",
            "a/Z",
            "lab/img-10",
            "lab/img-1",
            "d/disk",
            "d/disk.json",
            "d/z");
    for (String key : keys) {
      publish(new BlobKey(key), key);
    }

    assertThat(listed("")).isEqualTo(keys.stream().sorted().toList());
    assertThat(listed("a/")).containsExactly("a/Z", "a/x");
    assertThat(listed("a")).containsExactly("a-b/x", "a.b", "a/Z", "a/x", "a0");
    assertThat(listed("lab/img-1")).containsExactly("lab/img-1", "lab/img-10");
    assertThat(listed("lab/img-1/")).isEmpty();
    assertThat(listed("../")).isEmpty();
  }

  @Test
  void theListEqualsStat() throws IOException {
    Blob blob = publish(KEY, "something");

    try (Stream<Blob> blobs = store.list("lab/")) {
      assertThat(blobs).containsExactly(blob);
    }
  }

  @Test
  void aDeleteDuringAListDoesNotBreakTheList() throws IOException {
    for (int i = 0; i < 5; i++) {
      publish(BlobKey.of("lab", "b" + i), "x");
    }

    try (Stream<Blob> blobs = store.list("")) {
      List<String> seen = new ArrayList<>();
      for (Blob blob : (Iterable<Blob>) blobs::iterator) {
        seen.add(blob.key().value());
        store.delete(blob.key());
      }
      assertThat(seen).containsExactly("lab/b0", "lab/b1", "lab/b2", "lab/b3", "lab/b4");
    }
    assertThat(listed("")).isEmpty();
  }

  @Test
  void deletingTwiceIsNoError() throws IOException {
    publish(KEY, "something");

    assertThat(store.delete(KEY)).isTrue();
    assertThat(store.delete(KEY)).isFalse();
    assertThat(store.stat(KEY)).isEmpty();
    assertFails(Kind.NOT_FOUND, () -> store.read(KEY, 0, 1));
  }

  @Test
  void aDeletedKeyCanBeWrittenAgain() throws IOException {
    publish(KEY, "old");
    store.delete(KEY);

    publish(KEY, "new");

    assertThat(read(store, KEY, 0, 100)).asString(UTF_8).isEqualTo("new");
  }

  @Test
  void deletingOneBlobLeavesItsNeighbour() throws IOException {
    BlobKey neighbour = BlobKey.of("lab", "ubuntu-3f2a-2");
    publish(KEY, "one");
    publish(neighbour, "two");

    store.delete(KEY);

    assertThat(listed("")).containsExactly(neighbour.value());
    assertThat(read(store, neighbour, 0, 100)).asString(UTF_8).isEqualTo("two");
  }

  @Test
  void attributesAreUnchanged() throws IOException {
    Map<String, String> attributes =
        Map.of(
            "os", "Ubuntu 24.04 „Noble“ ☃ 𝄞",
            "Schlüssel", "Wert",
            "empty", "",
            "lines", "one\ntwo\t\"three\" \\ four",
            "number", "007");

    try (BlobWrite write = store.open(KEY)) {
      assertThat(write.commit(attributes).attributes()).isEqualTo(attributes);
    }

    assertThat(store.stat(KEY).orElseThrow().attributes()).isEqualTo(attributes);
  }

  @Test
  void sweepSparesOpenWrites() throws IOException {
    try (BlobWrite write = store.open(KEY);
        BlobStore other = openStore()) {
      write.append(bytes("before, "));

      assertThat(store.sweep()).isZero();
      assertThat(other.sweep()).isZero();

      write.append(bytes("after"));
      write.commit(Map.of());
    }
    assertThat(read(store, KEY, 0, 100)).asString(UTF_8).isEqualTo("before, after");
  }

  @Test
  void aProbeReturnsTheHeadroomAndLeavesNothing() throws IOException {
    Headroom headroom = store.probe();

    headroom.availableBytes().ifPresent(bytes -> assertThat(bytes).isPositive());
    assertThat(listed("")).isEmpty();
    assertThat(store.sweep()).isZero();
  }

  @Test
  void aBlobMayBeEmpty() throws IOException {
    try (BlobWrite write = store.open(KEY)) {
      write.append(ByteBuffer.allocate(0));
      assertThat(write.commit(Map.of()).size()).isZero();
    }

    assertThat(store.stat(KEY).orElseThrow().size()).isZero();
    assertThat(read(store, KEY, 0, 10)).isEmpty();
  }

  @Test
  void aLargeBlobInOddChunksIsUnchanged() throws Exception {
    long size = 80L * 1024 * 1024 + 13;
    Random random = new Random(42);
    byte[] chunk = new byte[3_000_017];
    random.nextBytes(chunk);
    ByteBuffer direct = ByteBuffer.allocateDirect(chunk.length).put(chunk);
    MessageDigest written = MessageDigest.getInstance("SHA-256");

    try (BlobWrite write = store.open(KEY)) {
      while (write.position() < size) {
        ByteBuffer part = random.nextBoolean() ? direct.duplicate() : ByteBuffer.wrap(chunk);
        long length = Math.min(random.nextInt(1, chunk.length), size - write.position());
        part.position(0).limit((int) length);
        written.update(part.duplicate());
        write.append(part);
        assertThat(part.hasRemaining()).isFalse();
      }
      assertThat(write.commit(Map.of()).size()).isEqualTo(size);
    }

    assertThat(sha256(KEY, size)).isEqualTo(HexFormat.of().formatHex(written.digest()));
  }

  @Test
  void manyThreadsWriteReadAndDeleteAtOnce() throws Exception {
    List<Callable<Void>> work = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int thread = i;
      work.add(() -> comeAndGo(thread));
    }

    for (Future<Void> done : threads.invokeAll(work)) {
      done.get();
    }

    assertThat(listed("")).hasSize(8);
    assertThat(store.sweep()).isZero();
  }

  private Void comeAndGo(int thread) throws IOException {
    // Few namespaces, so that one thread deletes the last blob where another adds the next.
    for (int i = 0; i < 25; i++) {
      BlobKey key = BlobKey.of("ns" + i % 2, "t" + thread);
      publish(key, "content " + i);
      assertThat(read(store, key, 8, 100)).asString(UTF_8).isEqualTo(String.valueOf(i));
      assertThat(store.delete(key)).isTrue();
    }
    publish(BlobKey.of("end", "t" + thread), "end");
    return null;
  }

  @Test
  void aFullStoreFailsAndKeepsNothingOfTheWrite() throws IOException {
    Optional<BlobStore> small = openSmallStore();
    assumeTrue(small.isPresent(), "no small store can be made here");
    try (BlobStore full = small.get()) {
      BlobWrite write = full.open(KEY);
      assertFails(Kind.FULL, () -> appendForEver(write));

      assertFails(Kind.FULL, () -> write.append(bytes("x")));
      assertFails(Kind.FULL, () -> write.commit(Map.of()));

      assertThat(full.stat(KEY)).isEmpty();
      assertThat(full.sweep()).isZero();
      try (BlobWrite next = full.open(KEY)) {
        next.append(bytes("there is room again"));
        next.commit(Map.of());
      }
    }
  }

  private static Void appendForEver(BlobWrite write) throws IOException {
    // No zeros: some stores save the space of zeros.
    ByteBuffer mebibyte = ByteBuffer.wrap(new byte[1 << 20]);
    Arrays.fill(mebibyte.array(), (byte) 1);
    while (write.position() < 1L << 30) {
      write.append(mebibyte.clear());
    }
    return null;
  }

  private String sha256(BlobKey key, long size) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    ByteBuffer buffer = ByteBuffer.allocateDirect(777_777);
    try (ReadableByteChannel channel = store.read(key, 0, size)) {
      while (channel.read(buffer.clear()) >= 0) {
        digest.update(buffer.flip());
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
