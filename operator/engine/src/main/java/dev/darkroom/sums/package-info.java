/**
 * What publishers put beside their images: files of checksums and signatures over them. Nothing
 * here does I/O. Begin at {@link dev.darkroom.sums.Publication}.
 */
package dev.darkroom.sums;
