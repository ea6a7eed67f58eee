/**
 * Where bytes come from: the interface that every source implements, and its errors.
 *
 * <p>May use nothing else of the house.
 */
package dev.darkroom.source;
