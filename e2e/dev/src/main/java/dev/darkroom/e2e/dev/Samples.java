package dev.darkroom.e2e.dev;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The manifests of {@code samples/}, included in the program. */
final class Samples {

  /** The port of the sample web server in the quickstart's manifests. */
  static final int WEB_PORT = 17480;

  /** The files by their paths in {@code samples/}. */
  static final List<String> FILES =
      List.of(
          "image-compressed.yaml",
          "image-image.yaml",
          "image-registry.yaml",
          "image-s3.yaml",
          "image-web.yaml",
          "import-copy.yaml",
          "import.yaml",
          "quickstart/image.yaml",
          "sharing/1-image.yaml",
          "sharing/2-offer.yaml",
          "sharing/3-link.yaml",
          "sharing/4-copy.yaml",
          "store-filesystem.yaml",
          "store-s3.yaml");

  private static final String QUICKSTART = "quickstart";
  private static final String COMMITTED_ADDRESS = "http://127.0.0.1:" + WEB_PORT + "/";

  private Samples() {}

  /**
   * Writes all files below a directory, to read, change and apply again.
   *
   * @param web the URL of the sample web server
   * @return the directory of the quickstart
   */
  static Path writeTo(Path directory, URI web) throws IOException {
    for (String file : FILES) {
      Path path = directory.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, content(file).replace(COMMITTED_ADDRESS, web.toString()));
    }
    return directory.resolve(QUICKSTART);
  }

  /** The content of one of {@link #FILES}, unchanged. */
  static String content(String file) {
    try (InputStream resource =
        Samples.class.getResourceAsStream("/dev/darkroom/samples/" + file)) {
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
