package dev.darkroom.source.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The manifest of an image (OCI image specification 1.1, "Image Manifest" and "Image Index").
 * Docker's image manifest, version 2, schema 2, and its manifest list have the same fields, as far
 * as they are read here.
 */
sealed interface RegistryManifest {

  /** The accepted media types. */
  List<String> MEDIA_TYPES =
      List.of(
          "application/vnd.oci.image.manifest.v1+json",
          "application/vnd.oci.image.index.v1+json",
          "application/vnd.docker.distribution.manifest.v2+json",
          "application/vnd.docker.distribution.manifest.list.v2+json");

  /** The limit of a manifest; no registry accepts as many bytes. */
  int MAX_BYTES = 4 << 20;

  /** The limit of the entries; no file system stacks as many layers. */
  int MAX_ENTRIES = 256;

  /**
   * A blob of the registry.
   *
   * @param size the number of bytes
   * @param title the file name that a tool wrote, if any
   * @param packed whether a tool packed a directory into the blob
   */
  record Layer(
      String mediaType, Digest digest, long size, Optional<String> title, Packing packed) {}

  /** Whether a tool for artifacts packed a directory into the blob. */
  enum Packing {
    NONE,
    DIRECTORY
  }

  /** An image; its layers from the lowest to the topmost. */
  record Image(List<Layer> layers) implements RegistryManifest {}

  /** Images for several platforms. */
  record Index(List<Choice> choices) implements RegistryManifest {}

  /** One of several images; without a platform when the list names none. */
  record Choice(Digest digest, Optional<Platform> platform) {}

  /**
   * Parses a manifest.
   *
   * @throws SourceException {@code INVALID} for a manifest that is malformed or not supported
   */
  static RegistryManifest parse(byte[] json) throws SourceException {
    JsonNode root;
    try {
      root = new ObjectMapper().readTree(json);
    } catch (IOException e) {
      throw invalid("is not JSON");
    }
    if (root.path("schemaVersion").asInt() != 2) {
      throw invalid("is not of schema version 2");
    }
    if (root.path("manifests").isArray()) {
      List<Choice> choices = new ArrayList<>();
      for (JsonNode node : entries(root.path("manifests"))) {
        choices.add(new Choice(digest(node), platform(node.path("platform"))));
      }
      return new Index(List.copyOf(choices));
    }
    if (!root.path("layers").isArray()) {
      throw invalid("has neither layers nor manifests");
    }
    List<Layer> layers = new ArrayList<>();
    for (JsonNode node : entries(root.path("layers"))) {
      layers.add(layer(node));
    }
    if (layers.isEmpty()) {
      throw invalid("has no layers");
    }
    return new Image(List.copyOf(layers));
  }

  private static JsonNode entries(JsonNode array) throws SourceException {
    if (array.size() > MAX_ENTRIES) {
      throw invalid("has more than 256 entries");
    }
    return array;
  }

  private static Layer layer(JsonNode node) throws SourceException {
    JsonNode size = node.path("size");
    if (!size.isIntegralNumber() || !size.canConvertToLong() || size.asLong() < 0) {
      throw invalid("has a layer without a size");
    }
    JsonNode annotations = node.path("annotations");
    return new Layer(
        node.path("mediaType").asText(""),
        digest(node),
        size.asLong(),
        Optional.ofNullable(annotations.path("org.opencontainers.image.title").textValue()),
        annotations.path("io.deis.oras.content.unpack").asText("").equals("true")
            ? Packing.DIRECTORY
            : Packing.NONE);
  }

  private static Digest digest(JsonNode node) throws SourceException {
    return Digest.parse(node.path("digest").asText(""))
        .orElseThrow(() -> invalid("names a digest that is neither sha256 nor sha512"));
  }

  private static Optional<Platform> platform(JsonNode node) {
    return node.isObject()
        ? Optional.of(
            new Platform(node.path("os").asText(""), node.path("architecture").asText("")))
        : Optional.empty();
  }

  private static SourceException invalid(String what) {
    return new SourceException(Kind.INVALID, "the image's manifest " + what);
  }
}
