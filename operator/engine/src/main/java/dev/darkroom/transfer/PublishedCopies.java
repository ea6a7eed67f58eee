package dev.darkroom.transfer;

import dev.darkroom.store.Blob;
import java.util.Map;

/**
 * The copies that one reading has published.
 *
 * @param facts what the checks found
 * @param blobs the published blobs by their target's name
 */
record PublishedCopies(Facts facts, Map<String, Blob> blobs) {}
