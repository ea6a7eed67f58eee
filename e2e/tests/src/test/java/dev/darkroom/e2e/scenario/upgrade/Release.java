package dev.darkroom.e2e.scenario.upgrade;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.e2e.scenario.Disk;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The data of an earlier release after it was killed: objects, store and staging volume, from
 * {@code src/test/resources/releases} (its README describes their creation).
 *
 * @param directory the directory with {@code store} and {@code staging}
 * @param objects the objects with uids and status; the path of the ImageStore is in this directory
 */
record Release(Path directory, List<ObjectNode> objects) {

  /** The port of the original web server. */
  static final int PORT = 27171;

  private static final String RESOURCES = "/releases/";

  /**
   * Unpacks the data of a release.
   *
   * @param name the commit of the release
   * @param directory an existing, empty directory
   */
  static Release unpack(String name, Path directory) throws IOException {
    Files.createDirectories(directory.resolve("staging"));
    for (Map.Entry<String, byte[]> file : files(name + "/files.zip").entrySet()) {
      Path path = directory.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
    List<ObjectNode> objects = new ArrayList<>();
    try (InputStream stream = open(name + "/objects.json")) {
      String json =
          new String(stream.readAllBytes(), StandardCharsets.UTF_8)
              .replace("${directory}", directory.toString());
      Serialization.unmarshal(json, JsonNode.class)
          .forEach(object -> objects.add((ObjectNode) object));
    }
    return new Release(directory, objects);
  }

  /** The files of the original web server, by path. */
  static Map<String, Disk> disks() throws IOException {
    Map<String, Disk> disks = new HashMap<>();
    files("disks.zip").forEach((name, bytes) -> disks.put(name, Disk.of(bytes)));
    return disks;
  }

  /** The objects of a kind. */
  List<ObjectNode> all(String kind) {
    return objects.stream().filter(object -> object.path("kind").asText().equals(kind)).toList();
  }

  private static Map<String, byte[]> files(String archive) throws IOException {
    Map<String, byte[]> files = new HashMap<>();
    try (ZipInputStream zip = new ZipInputStream(open(archive))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        files.put(entry.getName(), zip.readAllBytes());
      }
    }
    return files;
  }

  private static InputStream open(String name) {
    return Objects.requireNonNull(Release.class.getResourceAsStream(RESOURCES + name), name);
  }
}
