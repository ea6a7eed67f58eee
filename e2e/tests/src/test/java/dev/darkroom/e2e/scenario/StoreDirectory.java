package dev.darkroom.e2e.scenario;

import dev.darkroom.api.Image;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A filesystem ImageStore and its directory, to check files directly.
 *
 * @param name the name of the ImageStore
 * @param path the directory
 */
public record StoreDirectory(String name, Path path) {

  /** The file with the bytes of an image. */
  public Path disk(Image image) {
    return blob(image).resolve("disk");
  }

  /** The metadata file of an image, beside its bytes. */
  public Path record(Image image) {
    return blob(image).resolve("disk.json");
  }

  private Path blob(Image image) {
    return path.resolve(image.getMetadata().getNamespace())
        .resolve(image.getMetadata().getName() + "-" + image.getMetadata().getUid());
  }

  /**
   * All files and directories, unfinished writes included, as sorted relative paths; without probe
   * files.
   */
  public List<String> content() {
    try (Stream<Path> all = Files.walk(path)) {
      return all.map(path::relativize)
          .map(Path::toString)
          .filter(name -> !name.isEmpty() && !name.equals(".partial"))
          .filter(name -> !name.startsWith(".probe-") && !name.startsWith(".partial/probe."))
          .sorted()
          .toList();
    } catch (UncheckedIOException | IOException e) {
      // A probe file disappeared during the walk.
      return content();
    }
  }
}
