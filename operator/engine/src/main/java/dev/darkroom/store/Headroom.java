package dev.darkroom.store;

import java.util.OptionalLong;

/**
 * How full a store is.
 *
 * @param availableBytes bytes that can still be written, where the store can tell
 */
public record Headroom(OptionalLong availableBytes) {}
