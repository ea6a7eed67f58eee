package dev.darkroom.transfer.copy;

import dev.darkroom.store.Blob;
import dev.darkroom.transfer.model.Facts;
import java.util.Map;

/**
 * The copies that one reading has published.
 *
 * @param facts what the checks found
 * @param blobs the published blobs by their target's name
 */
public record PublishedCopies(Facts facts, Map<String, Blob> blobs) {}
