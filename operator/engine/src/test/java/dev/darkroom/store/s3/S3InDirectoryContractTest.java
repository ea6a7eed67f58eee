package dev.darkroom.store.s3;

import dev.darkroom.testing.S3Server;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a server that keeps its objects in a directory. */
class S3InDirectoryContractTest extends S3Contract {

  private static S3Server server;

  @BeforeAll
  static void start(@TempDir Path directory) throws IOException {
    server = S3Server.inDirectory(directory);
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
