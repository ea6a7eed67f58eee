/**
 * Reconciles ImageStores: opens and probes stores, tracks their capacity, deletes copies.
 *
 * <p>May use {@code support}.
 */
package dev.darkroom.controller.store;
