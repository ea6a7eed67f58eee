package dev.darkroom.controller.imageimport;

import dev.darkroom.store.BlobStore;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.TransferRequest;
import java.util.List;

/** What an import has to do: a request that can start, or why there is none. */
sealed interface ImportPlan {

  /**
   * It can start.
   *
   * @param request what is to be done
   * @param stores those that it reads and writes, to be kept open as long as it runs
   */
  record Go(TransferRequest request, List<BlobStore> stores) implements ImportPlan {}

  /** It waits, or is refused; the failure's reason says which. */
  record Hold(Failure failure) implements ImportPlan {}

  /** A store that it needs is being opened; there is word when it is. */
  record Later() implements ImportPlan {}

  /** All copies that it should make are there. */
  record Done() implements ImportPlan {}
}
