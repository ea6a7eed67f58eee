package dev.darkroom.store;

import java.time.Instant;
import java.util.Map;

/**
 * A published blob.
 *
 * @param key its name
 * @param size its length in bytes
 * @param attributes the attributes of the commit; keys and values are plain text
 * @param publishedAt the time of publication, by the store's clock
 */
public record Blob(BlobKey key, long size, Map<String, String> attributes, Instant publishedAt) {

  /** Copies the attributes, so that a blob never changes. */
  public Blob {
    attributes = Map.copyOf(attributes);
  }
}
