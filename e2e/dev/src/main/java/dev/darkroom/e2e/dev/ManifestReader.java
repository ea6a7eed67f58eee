package dev.darkroom.e2e.dev;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads manifests like {@code kubectl apply -f}: from files, from the YAML and JSON files of a
 * directory, or from URLs. Documents and lists are split into objects.
 */
final class ManifestReader {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** JSON is parsed as YAML. */
  private static final ObjectMapper YAML =
      YAMLMapper.builder(YAMLFactory.builder().build())
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .build();

  private ManifestReader() {}

  /**
   * Reads all arguments in order; files of a directory in the order of their names.
   *
   * @throws InputException if a manifest cannot be read or is invalid
   */
  static List<SourceObject> read(List<String> filesDirectoriesOrUrls) {
    List<SourceObject> manifests = new ArrayList<>();
    for (String argument : filesDirectoriesOrUrls) {
      if (argument.matches("(?i)https?://.*")) {
        manifests.addAll(parse(argument, download(argument)));
      } else {
        filesOf(argument)
            .forEach(file -> manifests.addAll(parse(file.toString(), contentOf(file))));
      }
    }
    if (manifests.isEmpty()) {
      throw new InputException("No manifest in " + String.join(", ", filesDirectoriesOrUrls));
    }
    return manifests;
  }

  private static List<Path> filesOf(String argument) {
    try {
      Path path = Path.of(argument);
      if (!Files.isDirectory(path)) {
        return List.of(path);
      }
      try (Stream<Path> entries = Files.list(path)) {
        return entries.filter(ManifestReader::isManifest).sorted().toList();
      }
    } catch (InvalidPathException e) {
      throw new InputException("Cannot read " + argument + ": it is not a path", e);
    } catch (IOException e) {
      throw new InputException("Cannot read " + argument + ": " + Sentences.of(e), e);
    }
  }

  private static boolean isManifest(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return Files.isRegularFile(file)
        && (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"));
  }

  private static String contentOf(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new InputException("Cannot read " + file + ": " + Sentences.of(e), e);
    }
  }

  private static String download(String url) {
    try {
      HttpResponse<String> response =
          HttpClient.newBuilder()
              .followRedirects(HttpClient.Redirect.NORMAL)
              .connectTimeout(PATIENCE)
              .build()
              .send(
                  HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build(),
                  HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new InputException(
            "Cannot read " + url + ": the server answered " + response.statusCode());
      }
      return response.body();
    } catch (IllegalArgumentException e) {
      throw new InputException("Cannot read " + url + ": it is not a URL", e);
    } catch (IOException e) {
      throw new InputException("Cannot read " + url + ": " + Sentences.of(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InputException("Cannot read " + url + ": interrupted", e);
    }
  }

  /**
   * Splits a text into objects.
   *
   * @param origin the origin of the text, for messages
   * @throws InputException if it is not YAML, or if an object has no apiVersion, kind or name
   */
  static List<SourceObject> parse(String origin, String text) {
    List<SourceObject> manifests = new ArrayList<>();
    try (MappingIterator<JsonNode> documents = YAML.readerFor(JsonNode.class).readValues(text)) {
      while (documents.hasNextValue()) {
        collect(origin, documents.nextValue(), manifests);
      }
    } catch (JsonProcessingException e) {
      throw new InputException(origin + placeOf(e) + ": " + sentence(e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new InputException("Cannot read " + origin + ": " + Sentences.of(e), e);
    }
    return manifests;
  }

  private static void collect(String origin, JsonNode document, List<SourceObject> into)
      throws JsonProcessingException {
    if (isEmpty(document)) {
      return;
    }
    if (!document.isObject()) {
      throw new InputException(origin + ": a manifest is a map with apiVersion and kind");
    }
    require(origin, document, "/apiVersion");
    require(origin, document, "/kind");
    if (document.path("kind").asText().endsWith("List") && document.path("items").isArray()) {
      for (JsonNode item : document.path("items")) {
        collect(origin, item, into);
      }
      return;
    }
    require(origin, document, "/metadata/name");
    into.add(new SourceObject(origin, YAML.treeToValue(document, GenericKubernetesResource.class)));
  }

  /** An empty document, or comments only, which Jackson returns as an empty text. */
  private static boolean isEmpty(JsonNode document) {
    return document.isNull()
        || document.isMissingNode()
        || (document.isTextual() && document.asText().isEmpty());
  }

  private static void require(String origin, JsonNode document, String field) {
    JsonNode value = document.at(field);
    if (!value.isTextual() || value.asText().isEmpty()) {
      String kind = document.path("kind").asText("");
      throw new InputException(
          origin
              + ": "
              + (kind.isEmpty() ? "an object" : kind)
              + " without "
              + field.substring(1).replace('/', '.'));
    }
  }

  private static String placeOf(JsonProcessingException e) {
    JsonLocation place = e.getLocation();
    return place == null ? "" : ":" + place.getLineNr() + ":" + place.getColumnNr();
  }

  /** SnakeYAML's message has the context, the problem and, indented, the position. */
  private static String sentence(String message) {
    return message
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith(" "))
        .collect(Collectors.joining(", "));
  }
}
