/**
 * Reads bytes once: inspects and digests them, and hands each chunk to every consumer.
 *
 * <p>May use {@code model}, {@code memory}, {@code call} and {@code intake}. Knows no store.
 */
package dev.darkroom.transfer.pipeline;
