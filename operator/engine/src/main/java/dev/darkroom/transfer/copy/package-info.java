/**
 * Writes, reads and copies the copies of a blob in stores, unpublished until the verdict.
 *
 * <p>May use {@code model}, {@code call} and {@code pipeline}.
 */
package dev.darkroom.transfer.copy;
