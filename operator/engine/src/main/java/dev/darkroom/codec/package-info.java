/**
 * Decompression of what sources deliver: gzip, xz, zstd and bzip2, told apart by their magic and
 * expanded as a stream within limits. Begin at {@link dev.darkroom.codec.Codec}.
 */
package dev.darkroom.codec;
