/**
 * The buffers of transfers: one pool, and a bounded share of it for each transfer.
 *
 * <p>May use nothing else of the house.
 */
package dev.darkroom.transfer.memory;
