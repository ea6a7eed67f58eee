package dev.darkroom.store;

import java.util.OptionalLong;

/**
 * The free capacity of a store.
 *
 * @param availableBytes the bytes that can still be written, if known
 */
public record Headroom(OptionalLong availableBytes) {}
