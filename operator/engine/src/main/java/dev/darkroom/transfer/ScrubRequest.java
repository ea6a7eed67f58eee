package dev.darkroom.transfer;

/**
 * Which copy is to be read, and what it must be.
 *
 * @param target where it is
 * @param expected what it was verified to be
 */
public record ScrubRequest(Target target, Facts expected) {}
