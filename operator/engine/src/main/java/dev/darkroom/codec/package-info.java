/**
 * Decompression of delivered bytes: gzip, xz, zstd and bzip2, detected by their magic number and
 * expanded as a stream within limits. Start at {@link dev.darkroom.codec.Codec}.
 */
package dev.darkroom.codec;
