package dev.darkroom.e2e.conformance;

import dev.darkroom.store.BlobStore;
import java.io.IOException;

/** A store and a way to look into it from behind, past the store's own code. */
interface StoreUnderTest extends AutoCloseable {

  /** The store, as imports use it. */
  BlobStore store();

  /** A second way in, without the faults that the first may have. */
  BlobStore sound();

  /** How many bytes lie there that are not a published blob's; records do not count. */
  long leftBehind() throws IOException;

  @Override
  void close() throws IOException;
}
