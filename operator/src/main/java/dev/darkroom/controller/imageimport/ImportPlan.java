package dev.darkroom.controller.imageimport;

import dev.darkroom.store.BlobStore;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.TransferRequest;
import java.util.List;

/** The next step of an import: a transfer that can start, or the reason to wait. */
sealed interface ImportPlan {

  /**
   * The transfer can start.
   *
   * @param request the transfer
   * @param stores the stores that it reads and writes; held open while it runs
   */
  record Go(TransferRequest request, List<BlobStore> stores) implements ImportPlan {}

  /** The import waits or has failed, by the recovery of the failure's reason. */
  record Hold(Failure failure) implements ImportPlan {}

  /** A store is being opened; an event follows when it is open. */
  record Later() implements ImportPlan {}

  /** All copies exist already. */
  record Done() implements ImportPlan {}
}
