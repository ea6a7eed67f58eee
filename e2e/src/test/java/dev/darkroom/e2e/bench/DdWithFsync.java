package dev.darkroom.e2e.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Floor: the bytes are written from the page cache and made durable. */
final class DdWithFsync implements Measurement {

  private static final String DD = "dd";

  private final Path directory;

  /**
   * @param directory on the file system that stores are on
   */
  DdWithFsync(Path directory) {
    this.directory = directory;
  }

  @Override
  public String name() {
    return "write and fsync (dd)";
  }

  @Override
  public Optional<String> missing() {
    return Tool.missing(DD);
  }

  @Override
  public Sample measure(DataFile data) throws IOException, InterruptedException {
    Path copy = directory.resolve("dd.raw");
    try {
      return Tool.run(
          data.bytes(), List.of(DD, "if=" + data.path(), "of=" + copy, "bs=1M", "conv=fsync"));
    } finally {
      Files.deleteIfExists(copy);
    }
  }
}
