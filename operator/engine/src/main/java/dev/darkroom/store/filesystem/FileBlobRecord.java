package dev.darkroom.store.filesystem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.darkroom.store.Blob;
import dev.darkroom.store.BlobKey;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The JSON file beside a blob's bytes. Has all that describes the blob, so that the directory alone
 * suffices. Ignores fields of later versions.
 *
 * @param formatVersion of this file, now {@value #FORMAT_VERSION}
 * @param key the blob's key
 * @param size its length in bytes
 * @param publishedAt the time of publication, ISO 8601 in UTC
 * @param attributes the attributes of the commit, sorted
 */
record FileBlobRecord(
    int formatVersion,
    String key,
    long size,
    String publishedAt,
    SortedMap<String, String> attributes) {

  /** The file with the bytes. */
  static final String CONTENT = "disk";

  /** The file with the record. */
  static final String RECORD = "disk.json";

  private static final int FORMAT_VERSION = 1;
  private static final int MAX_BYTES = 1 << 20;
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /**
   * Returns whether a directory holds a blob, sound or corrupt. Subdirectories may have the names
   * of these files, and make no blob.
   */
  static boolean isBlob(Path directory) {
    return isNoDirectory(directory.resolve(RECORD)) || isNoDirectory(directory.resolve(CONTENT));
  }

  private static boolean isNoDirectory(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        && !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  /** Writes the record of a blob and syncs the file. */
  static void write(Path directory, Blob blob) throws IOException {
    FileBlobRecord blobRecord =
        new FileBlobRecord(
            FORMAT_VERSION,
            blob.key().value(),
            blob.size(),
            blob.publishedAt().toString(),
            new TreeMap<>(blob.attributes()));
    byte[] json = JSON.writeValueAsBytes(blobRecord);
    if (json.length > MAX_BYTES) {
      throw new IllegalArgumentException("the attributes are too large: " + json.length + " bytes");
    }
    try (FileChannel file =
        FileChannel.open(
            directory.resolve(RECORD), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(json);
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
      file.force(true);
    }
  }

  /**
   * Reads the record of a blob.
   *
   * @throws StoreException {@code CORRUPT} when it is missing, malformed or of another blob
   */
  static Blob read(Path directory, BlobKey key) throws IOException {
    byte[] json;
    try (InputStream file =
        Files.newInputStream(
            directory.resolve(RECORD), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      json = file.readNBytes(MAX_BYTES);
    } catch (NoSuchFileException e) {
      if (Files.exists(directory.resolve(CONTENT), LinkOption.NOFOLLOW_LINKS)) {
        throw corrupt(key, RECORD + " is missing", e);
      }
      throw e;
    }
    try {
      JsonNode tree = JSON.readTree(json);
      if (!tree.isObject()) {
        throw new StoreException(Kind.CORRUPT, key + ": " + RECORD + " belongs to another blob");
      }
      requireKnown(tree.path("formatVersion"), key);
      return JSON.treeToValue(tree, FileBlobRecord.class).toBlob(key);
    } catch (JsonProcessingException | DateTimeException | IllegalArgumentException e) {
      throw corrupt(key, RECORD + " is invalid", e);
    }
  }

  /**
   * Compares the content file with the record.
   *
   * @throws StoreException {@code CORRUPT} when it is missing, not a file, or of another size
   */
  static void checkContent(Path directory, Blob blob) throws IOException {
    BasicFileAttributes content;
    try {
      content =
          Files.readAttributes(
              directory.resolve(CONTENT), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      if (Files.exists(directory.resolve(RECORD), LinkOption.NOFOLLOW_LINKS)) {
        throw corrupt(blob.key(), CONTENT + " is missing", e);
      }
      throw e;
    }
    if (!content.isRegularFile()) {
      throw new StoreException(Kind.CORRUPT, blob.key() + ": " + CONTENT + " is not a file");
    }
    if (content.size() != blob.size()) {
      throw new StoreException(
          Kind.CORRUPT,
          "%s: %s has %,d bytes, its record says %,d"
              .formatted(blob.key(), CONTENT, content.size(), blob.size()));
    }
  }

  /** Checked first: a record of a later release is not corrupt. */
  private static void requireKnown(JsonNode version, BlobKey key) throws StoreException {
    if (version.isIntegralNumber() && version.asLong() != FORMAT_VERSION) {
      throw new StoreException(
          Kind.UNAVAILABLE, key + ": " + RECORD + " has the unknown version " + version);
    }
  }

  private Blob toBlob(BlobKey expected) throws StoreException {
    if (formatVersion != FORMAT_VERSION
        || !expected.value().equals(key)
        || size < 0
        || publishedAt == null) {
      throw new StoreException(Kind.CORRUPT, expected + ": " + RECORD + " belongs to another blob");
    }
    return new Blob(
        expected, size, attributes == null ? Map.of() : attributes, Instant.parse(publishedAt));
  }

  private static StoreException corrupt(BlobKey key, String what, Exception cause) {
    return new StoreException(Kind.CORRUPT, key + ": " + what, cause);
  }
}
