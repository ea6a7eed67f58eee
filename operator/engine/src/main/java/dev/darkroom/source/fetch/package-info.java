/**
 * Fetches a source over one or several connections, and retries what breaks.
 *
 * <p>May use {@code source} only; it serves every kind of source.
 */
package dev.darkroom.source.fetch;
