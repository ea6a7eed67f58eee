package dev.darkroom.e2e.bench.server;

import dev.darkroom.e2e.bench.DataFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** {@link FileServerMain} as a child process. */
public final class FileServer implements AutoCloseable {

  /** The path of the count of bytes sent. */
  static final String SENT = "sent";

  private static final int HEAP_MIB = 64;

  private final ChildServer child;

  private FileServer(ChildServer child) {
    this.child = child;
  }

  /** Starts a server of the files in a directory and waits until it is ready. */
  public static FileServer start(Path directory) throws IOException {
    return new FileServer(ChildServer.start(FileServerMain.class, HEAP_MIB, directory.toString()));
  }

  /** The URL of a file in the directory. */
  public URI url(DataFile file) {
    return child.address().resolve(file.name());
  }

  /** The number of bytes of files sent so far. */
  public long sent() throws IOException {
    try (InputStream answer = child.address().resolve(SENT).toURL().openStream()) {
      return Long.parseLong(new String(answer.readAllBytes(), StandardCharsets.US_ASCII));
    }
  }

  @Override
  public void close() {
    child.close();
  }
}
