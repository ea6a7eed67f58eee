package dev.darkroom.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.darkroom.store.StoreException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The store under test and short forms of its operations. */
public abstract class StoreFixture {

  /** The key that most tests write. */
  protected static final BlobKey KEY = BlobKey.of("lab", "ubuntu-3f2a");

  /** Returns the store under test, empty at the start of each test. */
  protected BlobStore store;

  /** Opens the store; a second call in a test opens the same store, as another process does. */
  protected abstract BlobStore openStore() throws IOException;

  /** Opens another store with a capacity of less than 8 MiB, where possible. */
  protected abstract Optional<BlobStore> openSmallStore() throws IOException;

  @BeforeEach
  void open() throws IOException {
    store = openStore();
  }

  @AfterEach
  void close() {
    store.close();
  }

  /** Publishes a small blob. */
  protected final Blob publish(BlobKey key, String content) throws IOException {
    try (BlobWrite write = store.open(key)) {
      write.append(bytes(content));
      return write.commit(Map.of());
    }
  }

  /** Returns the keys in the list. */
  protected final List<String> listed(String prefix) throws IOException {
    try (Stream<Blob> blobs = store.list(prefix)) {
      return blobs.map(blob -> blob.key().value()).toList();
    }
  }

  /** Reads a range that fits into memory. */
  protected static byte[] read(BlobStore store, BlobKey key, long offset, long length)
      throws IOException {
    return readAll(store.read(key, offset, length));
  }

  /** Reads a channel that fits into memory to its end, and closes it. */
  protected static byte[] readAll(ReadableByteChannel range) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(100_000);
    try (range) {
      while (range.read(buffer.clear()) >= 0) {
        all.write(buffer.array(), 0, buffer.position());
      }
    }
    return all.toByteArray();
  }

  /** Asserts that the work fails with a {@link StoreException} of that kind. */
  protected static StoreException assertFails(Kind kind, Callable<?> work) {
    StoreException[] found = new StoreException[1];
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(work::call)
        .satisfies(e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind))
        .satisfies(e -> found[0] = e);
    return found[0];
  }

  /** As {@link #assertFails(Kind, Callable)}, for work without a result. */
  protected static StoreException assertFails(Kind kind, Work work) {
    return assertFails(
        kind,
        () -> {
          work.run();
          return null;
        });
  }

  /** Work without a result. */
  protected interface Work {
    /** Does the work. */
    void run() throws IOException;
  }

  /** Returns the text in UTF-8. */
  protected static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }
}
