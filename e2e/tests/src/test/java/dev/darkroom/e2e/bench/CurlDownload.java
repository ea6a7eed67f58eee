package dev.darkroom.e2e.bench;

import dev.darkroom.e2e.bench.figures.Sample;
import dev.darkroom.e2e.bench.server.FileServer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Floor: an HTTP download whose bytes are discarded. */
final class CurlDownload implements Measurement {

  private static final String CURL = "curl";

  private final FileServer server;

  CurlDownload(FileServer server) {
    this.server = server;
  }

  @Override
  public String name() {
    return "HTTP download, discarded (curl)";
  }

  @Override
  public Optional<String> missing() {
    return ToolProcess.missing(CURL);
  }

  @Override
  public Sample measure(DataFile data) throws IOException, InterruptedException {
    return ToolProcess.run(
        data.bytes(),
        List.of(CURL, "-sf", "--noproxy", "*", "-o", "/dev/null", server.url(data).toString()));
  }
}
