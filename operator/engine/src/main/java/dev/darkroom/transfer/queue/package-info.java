/**
 * The order in which transfers start, and their threads.
 *
 * <p>May use {@code model}.
 */
package dev.darkroom.transfer.queue;
