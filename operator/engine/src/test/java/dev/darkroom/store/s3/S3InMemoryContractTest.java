package dev.darkroom.store.s3;

import dev.darkroom.store.BlobStore;
import dev.darkroom.testing.S3Server;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** The contract on a server that obeys conditions and keeps everything in memory. */
class S3InMemoryContractTest extends S3Contract {

  private static final long ROOM = 6 << 20;

  private static S3Server server;
  private Optional<S3Server> small = Optional.empty();

  @BeforeAll
  static void start() throws IOException {
    server = S3Server.inMemory();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @Override
  S3StoreConfigBuilder server() {
    return server.config();
  }

  @Override
  protected Optional<BlobStore> openSmallStore() throws IOException {
    AtomicLong room = new AtomicLong(ROOM);
    S3Server full =
        S3Server.behind(
            backend ->
                new FaultyBackend(backend)
                    .before(
                        (operation, object) -> {
                          if (operation == FaultyBackend.Operation.PART
                              && room.addAndGet(-S3StoreConfig.MIN_PART_BYTES) < 0) {
                            throw FaultyBackend.answer(507, "InsufficientStorage");
                          }
                        }));
    small = Optional.of(full);
    return Optional.of(S3Store.open(full.config().build()));
  }

  @AfterEach
  void stopSmall() throws IOException {
    if (small.isPresent()) {
      small.get().close();
    }
  }
}
