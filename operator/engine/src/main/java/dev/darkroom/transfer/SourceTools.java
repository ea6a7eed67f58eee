package dev.darkroom.transfer;

import java.util.Optional;

/**
 * Serves a transfer that reads its own source, besides its {@link Workshop}.
 *
 * @param journal records what a later attempt can resume; empty to record nothing
 * @param intake turns delivered bytes into stored bytes
 */
record SourceTools(Optional<ImportJournal> journal, IntakeTools intake) {}
