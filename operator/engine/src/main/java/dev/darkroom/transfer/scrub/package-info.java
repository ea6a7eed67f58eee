/**
 * Reads stored copies again and compares them with their digest.
 *
 * <p>{@link dev.darkroom.transfer.scrub.Scrubs} is the only way in. May use {@code model}, {@code
 * call} and {@code copy}.
 */
package dev.darkroom.transfer.scrub;
