package dev.darkroom.store.s3;

import dev.darkroom.store.Blob;
import dev.darkroom.store.BlobStore;
import dev.darkroom.store.BlobStoreContract;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;

/** The contract; each test has a prefix of its own on the server of the subclass. */
abstract class S3Contract extends BlobStoreContract {

  private final String prefix = "contract-" + UUID.randomUUID();

  /** Returns the access to the server. */
  abstract S3StoreConfigBuilder server() throws IOException;

  @Override
  protected BlobStore openStore() throws IOException {
    return S3Store.open(server().prefix(prefix).build());
  }

  @Override
  protected Optional<BlobStore> openSmallStore() throws IOException {
    return Optional.empty();
  }

  @AfterEach
  void clean() throws IOException {
    try (BlobStore again = openStore();
        Stream<Blob> blobs = again.list("")) {
      for (Blob blob : List.copyOf(blobs.toList())) {
        again.delete(blob.key());
      }
    }
  }
}
