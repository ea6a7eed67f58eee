package dev.darkroom.transfer.scrub;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.store.Blob;
import dev.darkroom.transfer.model.Target;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The positions of scrubs: a small file for each copy in {@code scrubs} of the staging directory,
 * with the position and the state of the digest. A file that can't be read, or is about another
 * copy, counts as none. No method throws.
 */
final class ScrubPositions {

  private static final Logger LOG = LoggerFactory.getLogger(ScrubPositions.class);
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final int VERSION = 1;

  /** The age from which a position is removed: its copy is gone. */
  private static final Duration MAX_AGE = Duration.ofDays(30);

  /**
   * A position.
   *
   * @param bytes how many have been read
   * @param state of their SHA-256, as Bouncy Castle encodes it, in Base64
   */
  record Position(long bytes, String state) {

    static Position of(long bytes, byte[] state) {
      return new Position(bytes, Base64.getEncoder().encodeToString(state));
    }

    byte[] decoded() {
      return Base64.getDecoder().decode(state);
    }
  }

  private final Optional<Path> staging;

  ScrubPositions(Optional<Path> staging) {
    this.staging = staging;
  }

  /** The position of an earlier scrub of the same copy. */
  Optional<Position> find(ScrubRequest request, Blob blob) {
    if (staging.isEmpty()) {
      return Optional.empty();
    }
    try {
      JsonNode node = JSON.readTree(Files.readAllBytes(path(request.target())));
      if (!node.path("copy").asText().equals(copy(request, blob))
          || node.path("version").asInt() != VERSION) {
        return Optional.empty();
      }
      return Optional.of(new Position(node.path("bytes").asLong(), node.path("state").asText()))
          .filter(found -> found.bytes() > 0 && found.bytes() <= blob.size());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.warn("The position of the scrub of {} can't be read", request.target().key(), e);
      return Optional.empty();
    }
  }

  /** Saves a position. */
  void save(ScrubRequest request, Blob blob, Position position) {
    if (staging.isEmpty()) {
      return;
    }
    ObjectNode node = JSON.createObjectNode();
    node.put("version", VERSION);
    node.put("copy", copy(request, blob));
    node.put("bytes", position.bytes());
    node.put("state", position.state());
    try {
      Path path = path(request.target());
      Files.createDirectories(path.getParent());
      Path fresh = path.resolveSibling(path.getFileName() + ".new");
      Files.write(fresh, JSON.writeValueAsBytes(node));
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LOG.warn("The position of the scrub of {} can't be saved", request.target().key(), e);
    }
  }

  /** Removes the position of a scrub that is done. */
  void remove(Target target) {
    if (staging.isEmpty()) {
      return;
    }
    try {
      boolean unused = Files.deleteIfExists(path(target));
    } catch (IOException e) {
      LOG.warn("The position of the scrub of {} can't be removed", target.key(), e);
    }
  }

  /** Removes old positions. */
  void removeOld() {
    if (staging.isEmpty() || !Files.isDirectory(directory())) {
      return;
    }
    Instant oldest = Instant.now().minus(MAX_AGE);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory())) {
      for (Path file : files) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(oldest)) {
          boolean unused = Files.deleteIfExists(file);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      LOG.warn("Old positions of scrubs could not be removed", e);
    }
  }

  private Path directory() {
    return staging.orElseThrow().resolve("scrubs");
  }

  /** Identifies a copy; bytes that replace others are another copy. */
  private static String copy(ScrubRequest request, Blob blob) {
    return "%s %s %d %s %s"
        .formatted(
            request.target().name(),
            blob.key(),
            blob.size(),
            blob.publishedAt(),
            request.expected().sha256());
  }

  private Path path(Target target) {
    String name = target.name() + " " + target.key();
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(UTF_8));
      return directory().resolve(HexFormat.of().formatHex(digest).substring(0, 40) + ".json");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the Java runtime lacks SHA-256", e);
    }
  }
}
