package dev.darkroom.e2e.conformance;

import dev.darkroom.store.BlobStore;
import java.io.IOException;

/** A store, with direct access to its bytes past the store's own code. */
interface StoreUnderTest extends AutoCloseable {

  /** The store for imports. */
  BlobStore store();

  /** The same store without injected faults. */
  BlobStore sound();

  /** The number of bytes that belong to no published blob; metadata does not count. */
  long leftBehind() throws IOException;

  @Override
  void close() throws IOException;
}
