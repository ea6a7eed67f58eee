/**
 * Disks in OCI registries.
 *
 * <p>May use {@code source} and {@code source.web}.
 */
package dev.darkroom.source.registry;
