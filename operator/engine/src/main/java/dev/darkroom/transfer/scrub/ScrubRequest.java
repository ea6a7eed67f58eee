package dev.darkroom.transfer.scrub;

import dev.darkroom.transfer.model.Facts;
import dev.darkroom.transfer.model.Target;

/**
 * A copy to be read, and the facts that its bytes must have.
 *
 * @param target where the copy is
 * @param expected as they were verified
 */
public record ScrubRequest(Target target, Facts expected) {}
