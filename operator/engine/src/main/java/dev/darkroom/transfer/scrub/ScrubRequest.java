package dev.darkroom.transfer.scrub;

import dev.darkroom.transfer.model.Facts;
import dev.darkroom.transfer.model.Target;

/**
 * Which copy is to be read, and what it must be.
 *
 * @param target where it is
 * @param expected what it was verified to be
 */
public record ScrubRequest(Target target, Facts expected) {}
