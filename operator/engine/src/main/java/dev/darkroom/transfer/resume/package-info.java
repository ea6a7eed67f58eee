/**
 * Journals of transfers, and the resumption of a transfer from its journal.
 *
 * <p>May use {@code model}, {@code call}, {@code copy} and {@code pipeline}.
 */
package dev.darkroom.transfer.resume;
