package dev.darkroom.transfer;

import dev.darkroom.transfer.call.TransferContext;
import dev.darkroom.transfer.intake.IntakeTools;
import dev.darkroom.transfer.resume.TransferJournal;
import java.util.Optional;

/**
 * Serves a transfer that reads its own source, besides its {@link TransferContext}.
 *
 * @param journal records what a later attempt can resume; empty to record nothing
 * @param intake turns delivered bytes into stored bytes
 */
record SourceTools(Optional<TransferJournal> journal, IntakeTools intake) {}
