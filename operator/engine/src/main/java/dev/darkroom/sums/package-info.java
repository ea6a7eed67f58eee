/**
 * Checksum files of publishers and signatures over them. Does no I/O. Begin at {@link
 * dev.darkroom.sums.PublishedSums}.
 */
package dev.darkroom.sums;
