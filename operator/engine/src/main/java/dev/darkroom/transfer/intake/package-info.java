/**
 * Turns delivered bytes into stored bytes: looks up checksums, expands and converts.
 *
 * <p>May use {@code model}, {@code call}, codecs, sums and the converter.
 */
package dev.darkroom.transfer.intake;
