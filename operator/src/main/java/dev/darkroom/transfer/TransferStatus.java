package dev.darkroom.transfer;

import java.util.Optional;

/**
 * A submitted transfer at one moment.
 *
 * @param progress how far it is, or was when it ended
 * @param outcome how it ended, once it has
 */
public record TransferStatus(Progress progress, Optional<Outcome> outcome) {}
