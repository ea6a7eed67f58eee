package dev.darkroom.transfer.copy;

import dev.darkroom.store.Blob;
import dev.darkroom.transfer.model.Facts;
import java.util.Map;

/**
 * The copies that one attempt has published.
 *
 * @param facts of the bytes
 * @param blobs the published blobs by the name of their target
 */
public record PublishedCopies(Facts facts, Map<String, Blob> blobs) {}
