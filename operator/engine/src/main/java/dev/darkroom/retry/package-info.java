/**
 * Back-off between attempts, for sources, transfers and controllers.
 *
 * <p>May use nothing else of the house.
 */
package dev.darkroom.retry;
