package dev.darkroom.store.s3;

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
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The JSON object that makes a blob visible. Has all that describes the blob, so that the bucket
 * alone suffices. Ignores fields of later versions.
 *
 * @param formatVersion of this object, now {@value #FORMAT_VERSION}
 * @param key the blob's key
 * @param size its length in bytes
 * @param data the name of the object with the bytes, beside the record
 * @param eTag the ETag of that object, without quotes
 * @param publishedAt the time of publication, ISO 8601 in UTC
 * @param attributes the attributes of the commit, sorted
 */
record ObjectBlobRecord(
    int formatVersion,
    String key,
    long size,
    String data,
    String eTag,
    String publishedAt,
    SortedMap<String, String> attributes) {

  private static final int FORMAT_VERSION = 1;
  private static final int MAX_LENGTH = 1 << 19;
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  static ObjectBlobRecord of(Blob blob, Layout.Attempt attempt, Bucket.Stored stored) {
    return new ObjectBlobRecord(
        FORMAT_VERSION,
        blob.key().value(),
        blob.size(),
        attempt.name(),
        stored.eTag(),
        blob.publishedAt().toString(),
        new TreeMap<>(blob.attributes()));
  }

  String toJson() {
    try {
      String json = JSON.writeValueAsString(this);
      if (json.length() > MAX_LENGTH) {
        throw new IllegalArgumentException(
            "the attributes are too large: " + json.length() + " characters");
      }
      return json;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Parses a record.
   *
   * @throws StoreException {@code CORRUPT} for a record that is malformed or of another blob
   */
  static ObjectBlobRecord parse(BlobKey expected, String json) throws StoreException {
    try {
      JsonNode tree = JSON.readTree(json);
      if (!tree.isObject()) {
        throw new StoreException(Kind.CORRUPT, expected + ": its record belongs to another blob");
      }
      JsonNode version = tree.path("formatVersion");
      // Checked first: a record of a later release is not corrupt.
      if (version.isIntegralNumber() && version.asLong() != FORMAT_VERSION) {
        throw new StoreException(
            Kind.UNAVAILABLE,
            "%s: its record has the unknown version %s".formatted(expected, version));
      }
      ObjectBlobRecord parsed = JSON.treeToValue(tree, ObjectBlobRecord.class);
      if (parsed.formatVersion != FORMAT_VERSION
          || !expected.value().equals(parsed.key)
          || parsed.size < 0
          || parsed.data == null
          || !parsed.data.startsWith("disk-")
          || parsed.data.contains("/")
          || parsed.eTag == null
          || parsed.publishedAt == null) {
        throw new StoreException(Kind.CORRUPT, expected + ": its record belongs to another blob");
      }
      Instant unused = Instant.parse(parsed.publishedAt);
      return parsed;
    } catch (StoreException e) {
      throw e;
    } catch (JsonProcessingException | DateTimeException e) {
      throw new StoreException(Kind.CORRUPT, expected + ": its record is invalid", e);
    }
  }

  Blob toBlob() {
    return new Blob(
        new BlobKey(key),
        size,
        attributes == null ? Map.of() : attributes,
        Instant.parse(publishedAt));
  }
}
