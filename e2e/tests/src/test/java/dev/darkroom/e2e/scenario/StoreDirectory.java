package dev.darkroom.e2e.scenario;

import dev.darkroom.api.Image;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * An ImageStore and the directory it keeps its bytes in, to look behind the scenes.
 *
 * @param name of the ImageStore
 * @param path of the directory
 */
record StoreDirectory(String name, Path path) {

  /** Where a user would look for the bytes of an image. */
  Path disk(Image image) {
    return blob(image).resolve("disk");
  }

  /** The record beside them. */
  Path record(Image image) {
    return blob(image).resolve("disk.json");
  }

  private Path blob(Image image) {
    return path.resolve(image.getMetadata().getNamespace())
        .resolve(image.getMetadata().getName() + "-" + image.getMetadata().getUid());
  }

  /**
   * Everything that is in it, unfinished writes too, relative to the directory and sorted; of the
   * store's own only what a probe has there for a moment is left out.
   */
  List<String> content() {
    try (Stream<Path> all = Files.walk(path)) {
      return all.map(path::relativize)
          .map(Path::toString)
          .filter(name -> !name.isEmpty() && !name.equals(".partial"))
          .filter(name -> !name.startsWith(".probe-") && !name.startsWith(".partial/probe."))
          .sorted()
          .toList();
    } catch (UncheckedIOException | IOException e) {
      // A probe's file went while we looked.
      return content();
    }
  }
}
