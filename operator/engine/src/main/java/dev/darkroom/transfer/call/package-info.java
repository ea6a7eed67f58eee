/**
 * Calls that may hang: cancellation, timeouts, calls of stores, the limit of bandwidth.
 *
 * <p>May use {@code model}, {@code memory} and the storage interface.
 */
package dev.darkroom.transfer.call;
