package dev.darkroom.store;

import java.time.Instant;
import java.util.Map;

/**
 * What a store knows of one published blob.
 *
 * @param key its name
 * @param size its length in bytes
 * @param attributes what the writer said of it at commit; keys and values are plain text
 * @param publishedAt when it became readable, by the store's clock
 */
public record Blob(BlobKey key, long size, Map<String, String> attributes, Instant publishedAt) {

  /** Copies the attributes, so that a blob never changes. */
  public Blob {
    attributes = Map.copyOf(attributes);
  }
}
