package dev.darkroom.store.filesystem;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobWrite;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Resumption on a file system beyond the contract. */
class FilesystemResumeTest {

  private static final BlobKey KEY = BlobKey.of("lab", "ubuntu-3f2a");

  @TempDir Path root;
  private FilesystemStore store;

  @BeforeEach
  void open() throws IOException {
    store = FilesystemStore.open(root);
  }

  @Test
  void allBytesOfAKilledWriterAreResumed() throws Exception {
    Process writer = EndlessWriter.start(root, KEY);
    try {
      String token = EndlessWriter.token(writer);
      assertUnavailable(() -> store.resume(KEY, token));
      assertThat(writer.isAlive()).isTrue();
      writer.destroyForcibly().waitFor();

      try (BlobWrite write = store.resume(KEY, token).orElseThrow()) {
        long length = write.position();
        assertThat(length).isGreaterThanOrEqualTo(EndlessWriter.PATTERN);
        assertIsPattern(write.readBack(0, length).orElseThrow(), length);
        write.append(ByteBuffer.wrap("the end".getBytes(UTF_8)));
        assertThat(write.commit(Map.of()).size()).isEqualTo(length + 7);
      }
    } finally {
      writer.destroyForcibly();
    }
  }

  private static void assertIsPattern(ReadableByteChannel range, long length) throws IOException {
    ByteBuffer pattern = ByteBuffer.wrap(EndlessWriter.pattern());
    ByteBuffer found = ByteBuffer.allocate(pattern.capacity());
    try (range) {
      for (long left = length; left > 0; left -= found.limit()) {
        found.clear().limit((int) Math.min(left, found.capacity()));
        while (found.hasRemaining()) {
          assertThat(range.read(found)).isPositive();
        }
        assertThat(found.flip().mismatch(pattern.clear().limit(found.limit()))).isEqualTo(-1);
      }
      assertThat(range.read(found.clear())).isEqualTo(-1);
    }
  }

  @Test
  void anOpenWriteIsNotResumed() throws IOException {
    try (BlobWrite write = store.open(KEY);
        FilesystemStore other = FilesystemStore.open(root)) {
      String token = write.token().orElseThrow();

      assertUnavailable(() -> store.resume(KEY, token));
      assertUnavailable(() -> other.resume(KEY, token));

      assertThat(write.commit(Map.of()).size()).isZero();
    }
  }

  @Test
  void anInterruptedWriterKeepsItsEarlierBytes() throws IOException {
    BlobWrite write = store.open(KEY);
    write.append(ByteBuffer.wrap("before".getBytes(UTF_8)));
    Thread.currentThread().interrupt();
    assertUnavailable(() -> write.append(ByteBuffer.wrap("after".getBytes(UTF_8))));

    write.suspend();

    assertThat(Thread.interrupted()).isTrue();
    BlobWrite again = store.resume(KEY, write.token().orElseThrow()).orElseThrow();
    again.commit(Map.of());
    assertThat(root.resolve("lab/ubuntu-3f2a/disk")).hasContent("before");
  }

  @Test
  void aWriteThatDiedJustBeforeItsPublicationIsResumed() throws IOException {
    String token = suspended("bytes");
    Files.writeString(root.resolve(".partial").resolve(token).resolve("disk.json"), "{}");

    store.resume(KEY, token).orElseThrow().commit(Map.of("by", "another"));

    assertThat(store.stat(KEY).orElseThrow().attributes()).containsEntry("by", "another");
  }

  @Test
  void aSymbolicLinkIsNoWrite(@TempDir Path outside) throws IOException {
    String token = suspended("bytes");
    Path partial = root.resolve(".partial").resolve(token);
    Files.move(partial, outside.resolve("moved"));
    Files.createSymbolicLink(partial, outside.resolve("moved"));

    assertThat(store.resume(KEY, token, 0)).isEmpty();
    assertThat(outside.resolve("moved/disk")).hasContent("bytes");
  }

  @Test
  void theLongestKeyHasAToken() throws IOException {
    String segment = "k".repeat(250);
    BlobKey one = BlobKey.of(segment, segment, segment, "one");
    BlobKey two = BlobKey.of(segment, segment, segment, "two");
    BlobWrite write = store.open(one);
    write.suspend();
    String token = write.token().orElseThrow();

    assertThat(store.resume(two, token)).isEmpty();
    assertThat(store.resume(one, token)).isPresent().get().satisfies(BlobWrite::abort);
  }

  private String suspended(String content) throws IOException {
    BlobWrite write = store.open(KEY);
    write.append(ByteBuffer.wrap(content.getBytes(UTF_8)));
    write.suspend();
    return write.token().orElseThrow();
  }

  private static void assertUnavailable(ThrowingCallable work) {
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(work)
        .satisfies(e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(Kind.UNAVAILABLE));
  }
}
