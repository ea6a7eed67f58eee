package dev.darkroom.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.darkroom.store.BlobStore.Capability;
import dev.darkroom.store.StoreException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Suspension and resumption of writes, where a store supports them. */
public abstract class ResumeContract extends CopyContract {

  /** More than two parts of the least size in S3. */
  private static final byte[] CONTENT = new byte[12 << 20];

  static {
    new Random(7).nextBytes(CONTENT);
  }

  @Test
  void aSuspendedWriteResumesAtItsPosition() throws IOException {
    assumeTrue(canResume());
    String token = suspended(CONTENT.length - 1000);
    assertThat(store.stat(KEY)).isEmpty();
    assertThat(listed("")).isEmpty();

    try (BlobStore later = openStore();
        BlobWrite write = later.resume(KEY, token).orElseThrow()) {
      assertThat(write.token()).contains(token);
      assertThat(write.position()).isBetween(0L, CONTENT.length - 1000L);
      append(write, CONTENT.length);
      assertThat(write.commit(Map.of("by", "two")).size()).isEqualTo(CONTENT.length);
    }

    assertThat(store.stat(KEY).orElseThrow().attributes()).containsEntry("by", "two");
    assertThat(read(store, KEY, 0, Long.MAX_VALUE)).isEqualTo(CONTENT);
    assertThat(store.sweep()).isZero();
  }

  @Test
  void aWriteMayBeSuspendedManyTimes() throws IOException {
    assumeTrue(canResume());
    String token = suspended(0);

    for (int i = 1; i < 12; i++) {
      try (BlobWrite write = resume(token)) {
        append(write, i << 20);
        write.suspend();
      }
    }
    try (BlobWrite write = resume(token)) {
      append(write, CONTENT.length);
      write.commit(Map.of());
    }

    assertThat(read(store, KEY, 0, Long.MAX_VALUE)).isEqualTo(CONTENT);
  }

  @Test
  void checkpointedBytesAreInTheResumedWrite() throws IOException {
    assumeTrue(canResume());
    try (BlobWrite write = store.open(KEY)) {
      append(write, 11 << 20);

      long checkpoint = write.checkpoint();
      write.append(bytes("after the checkpoint"));
      write.suspend();

      assertThat(checkpoint).isBetween(0L, 11L << 20);
      try (BlobWrite again = resume(write.token().orElseThrow())) {
        assertThat(again.position()).isGreaterThanOrEqualTo(checkpoint);
      }
    }
  }

  @Test
  void aResumedWriteDiscardsBytesBehindTheLimit() throws IOException {
    assumeTrue(canResume());
    String token = suspended(CONTENT.length);

    try (BlobWrite write = store.resume(KEY, token, 7 << 20).orElseThrow()) {
      assertThat(write.position()).isLessThanOrEqualTo(7 << 20);
      append(write, 7 << 20);
      write.append(bytes("another end"));
      write.commit(Map.of());
    }

    assertThat(read(store, KEY, 0, 7 << 20)).isEqualTo(Arrays.copyOf(CONTENT, 7 << 20));
    assertThat(read(store, KEY, 7 << 20, Long.MAX_VALUE)).asString(UTF_8).isEqualTo("another end");
    assertThatIllegalArgumentException().isThrownBy(() -> store.resume(KEY, token, -1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "../lab", "a/../../b", "/etc", "\0", "no such token", "☃"})
  void anInvalidTokenFindsNoWrite(String token) throws IOException {
    suspended(10);

    assertThat(store.resume(KEY, token)).isEmpty();
  }

  @Test
  void aTokenFindsNoWriteOfAnotherKey() throws IOException {
    assumeTrue(canResume());
    String token = suspended(10);

    assertThat(store.resume(BlobKey.of("lab", "ubuntu-3f2b"), token)).isEmpty();
    assertThat(store.resume(BlobKey.of("lab"), token)).isEmpty();
    assertThat(store.resume(KEY, token)).isPresent().get().satisfies(BlobWrite::abort);
  }

  @Test
  void anAbortedWriteCanNotBeResumed() throws IOException {
    assumeTrue(canResume());
    String token = suspended(10);

    resume(token).abort();

    assertThat(store.resume(KEY, token)).isEmpty();
    assertThat(store.sweep()).isZero();
  }

  @Test
  void aWriteOfAKeyThatIsTakenCanNotBeResumed() throws IOException {
    assumeTrue(canResume());
    String token = suspended(10);
    publish(KEY, "first");

    assertFails(Kind.ALREADY_EXISTS, () -> store.resume(KEY, token));
    assertThat(read(store, KEY, 0, 100)).asString(UTF_8).isEqualTo("first");
  }

  @Test
  void aSuspendedWriteHasEnded() throws IOException {
    BlobWrite write = store.open(KEY);
    write.append(bytes("something"));

    write.suspend();
    write.suspend();
    write.abort();
    write.close();

    assertThatIllegalStateException().isThrownBy(() -> write.append(bytes("more")));
    assertThatIllegalStateException().isThrownBy(() -> write.commit(Map.of()));
    assertThat(store.sweep()).isEqualTo(canResume() ? 1 : 0);
  }

  @Test
  void suspendAfterACommitDoesNothing() throws IOException {
    BlobWrite write = store.open(KEY);
    write.commit(Map.of());

    write.suspend();

    assertThat(store.stat(KEY)).isPresent();
    assertThat(store.sweep()).isZero();
  }

  @Test
  void sweepKeepsWritesToResume() throws IOException {
    assumeTrue(canResume());
    String kept = suspended(CONTENT.length);
    String swept = suspended(CONTENT.length);

    assertThat(store.sweep(Set.of(kept, "no such token"))).isOne();

    assertThat(store.resume(KEY, swept)).isEmpty();
    try (BlobWrite write = resume(kept)) {
      append(write, CONTENT.length);
      write.commit(Map.of());
    }
    assertThat(read(store, KEY, 0, Long.MAX_VALUE)).isEqualTo(CONTENT);
  }

  @Test
  void appendedBytesCanBeReadBackOrAreEmpty() throws IOException {
    try (BlobWrite write = store.open(KEY)) {
      write.append(bytes("0123456789"));

      Optional<ReadableByteChannel> range = write.readBack(3, 4);

      if (range.isPresent()) {
        assertThat(readAll(range.get())).asString(UTF_8).isEqualTo("3456");
        assertThat(readAll(write.readBack(8, 100).orElseThrow())).asString(UTF_8).isEqualTo("89");
        assertThat(readAll(write.readBack(10, 1).orElseThrow())).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> write.readBack(11, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> write.readBack(-1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> write.readBack(0, -1));
      }
      write.append(bytes("abc"));
      write.commit(Map.of());
    }
    assertThat(read(store, KEY, 0, 100)).asString(UTF_8).isEqualTo("0123456789abc");
  }

  @Test
  void bytesFromBeforeASuspensionCanBeReadBack() throws IOException {
    assumeTrue(canResume());
    try (BlobWrite write = resume(suspended(CONTENT.length))) {
      Optional<ReadableByteChannel> range = write.readBack(0, Long.MAX_VALUE);
      assumeTrue(range.isPresent(), "the store reads nothing back");

      byte[] there = readAll(range.get());

      assertThat(there).isEqualTo(Arrays.copyOf(CONTENT, (int) write.position()));
    }
  }

  @Test
  void aFailedWriteResumesWithItsEarlierBytes() throws IOException {
    Optional<BlobStore> small = openSmallStore();
    assumeTrue(small.isPresent(), "no small store can be made here");
    try (BlobStore full = small.get()) {
      assumeTrue(full.capabilities().contains(Capability.RESUME));
      BlobWrite write = full.open(KEY);
      assertFails(Kind.FULL, () -> appendAgainAndAgain(write));
      assertFails(Kind.FULL, write::checkpoint);

      write.suspend();

      try (BlobWrite again = full.resume(KEY, write.token().orElseThrow()).orElseThrow()) {
        int position = (int) again.position();
        assertThat(position).isBetween(0, CONTENT.length);
        Optional<ReadableByteChannel> range = again.readBack(0, position);
        if (range.isPresent()) {
          assertThat(readAll(range.get())).isEqualTo(Arrays.copyOf(CONTENT, position));
        }
      }
      assertThat(full.sweep()).isZero();
    }
  }

  @Test
  void aStoreThatCanNotResumeKeepsNothing() throws IOException {
    assumeFalse(canResume());
    try (BlobWrite write = store.open(KEY)) {
      write.append(bytes("something"));
      assertThat(write.token()).isEmpty();
      assertThat(write.checkpoint()).isZero();

      write.suspend();
    }

    assertThat(store.resume(KEY, "some token")).isEmpty();
    assertThat(store.sweep()).isZero();
  }

  private boolean canResume() {
    return store.capabilities().contains(Capability.RESUME);
  }

  private BlobWrite resume(String token) throws IOException {
    return store.resume(KEY, token).orElseThrow();
  }

  /** Writes so much of the content and suspends; returns the token, if there is one. */
  private String suspended(int length) throws IOException {
    BlobWrite write = store.open(KEY);
    append(write, length);
    write.suspend();
    return write.token().orElse("");
  }

  /** A store that works in the background may accept more than its capacity for a while. */
  private static void appendAgainAndAgain(BlobWrite write) throws IOException {
    while (write.position() < 1L << 30) {
      write.append(ByteBuffer.wrap(CONTENT));
    }
  }

  /** Appends what the write lacks up to that length. */
  private static void append(BlobWrite write, int length) throws IOException {
    while (write.position() < length) {
      int from = (int) write.position();
      write.append(ByteBuffer.wrap(CONTENT, from, Math.min(1 << 20, length - from)));
    }
  }
}
