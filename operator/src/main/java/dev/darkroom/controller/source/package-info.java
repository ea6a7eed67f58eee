/**
 * Turns the source in a manifest, with its Secrets and ConfigMaps, into a source to read from.
 *
 * <p>May use {@code support}.
 */
package dev.darkroom.controller.source;
