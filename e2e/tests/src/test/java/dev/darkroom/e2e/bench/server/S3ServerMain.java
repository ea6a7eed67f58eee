package dev.darkroom.e2e.bench.server;

import dev.darkroom.testing.S3Server;
import java.io.IOException;
import java.nio.file.Path;

/** S3Proxy with its objects in a directory. */
public final class S3ServerMain {

  private S3ServerMain() {}

  /**
   * Serves the directory in its argument on a port that it prints, until the end of its standard
   * input.
   */
  public static void main(String[] args) throws IOException {
    S3Server server = S3Server.inDirectory(Path.of(args[0]));
    System.out.println(server.endpoint().getPort());
    System.out.flush();
    while (System.in.read() >= 0) {
      // Input is ignored; only its end matters.
    }
    server.close();
  }
}
