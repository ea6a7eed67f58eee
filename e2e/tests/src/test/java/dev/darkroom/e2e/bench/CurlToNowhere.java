package dev.darkroom.e2e.bench;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Floor: the bytes come by HTTP and nothing is done with them. */
final class CurlToNowhere implements Measurement {

  private static final String CURL = "curl";

  private final FileServer server;

  CurlToNowhere(FileServer server) {
    this.server = server;
  }

  @Override
  public String name() {
    return "HTTP to nowhere (curl)";
  }

  @Override
  public Optional<String> missing() {
    return Tool.missing(CURL);
  }

  @Override
  public Sample measure(DataFile data) throws IOException, InterruptedException {
    return Tool.run(
        data.bytes(),
        List.of(CURL, "-sf", "--noproxy", "*", "-o", "/dev/null", server.url(data).toString()));
  }
}
