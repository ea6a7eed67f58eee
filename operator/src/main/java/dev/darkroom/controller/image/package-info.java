/**
 * Reconciles Images: creates their import, keeps their copies, schedules scrubs, deletes them.
 *
 * <p>May use {@code imageimport}, {@code sharing}, {@code store} and {@code support}.
 */
package dev.darkroom.controller.image;
