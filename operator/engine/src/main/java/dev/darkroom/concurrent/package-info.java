/**
 * Threads and waits, for every package of the engine.
 *
 * <p>May use nothing else of the house.
 */
package dev.darkroom.concurrent;
