package dev.darkroom.store.s3;

import dev.darkroom.testing.S3Server;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract on a server that ignores conditions, as Ceph does in a versioned bucket. */
class S3WithoutConditionsContractTest extends S3Contract {

  private static S3Server server;

  @BeforeAll
  static void start() throws IOException {
    server = S3Server.behind(UnconditionalBackend::new);
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @Override
  S3StoreConfigBuilder server() {
    return server.config();
  }
}
