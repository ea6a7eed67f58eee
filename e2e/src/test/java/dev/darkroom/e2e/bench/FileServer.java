package dev.darkroom.e2e.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** {@link FileServerMain} as a child process, so that its CPU time and memory are not ours. */
final class FileServer implements AutoCloseable {

  /** The path of the count of bytes sent. */
  static final String SENT = "sent";

  private final Process process;
  private final URI address;

  private FileServer(Process process, URI address) {
    this.process = process;
    this.address = address;
  }

  /** Starts a server of the files in a directory; it answers when this returns. */
  static FileServer start(Path directory) throws IOException {
    Process process =
        new ProcessBuilder(
                List.of(
                    ProcessHandle.current().info().command().orElse("java"),
                    "-Xmx64m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    FileServerMain.class.getName(),
                    directory.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    String port = output.readLine();
    if (port == null) {
      throw new IOException("the file server did not start");
    }
    return new FileServer(process, URI.create("http://127.0.0.1:" + port + "/"));
  }

  /** Where a file of its directory is. */
  URI url(DataFile file) {
    return address.resolve(file.name());
  }

  /** How many bytes of files it has sent so far. */
  long sent() throws IOException {
    try (InputStream answer = address.resolve(SENT).toURL().openStream()) {
      return Long.parseLong(new String(answer.readAllBytes(), StandardCharsets.US_ASCII));
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
