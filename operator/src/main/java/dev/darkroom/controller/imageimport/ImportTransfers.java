package dev.darkroom.controller.imageimport;

import dev.darkroom.api.ImageImport;
import dev.darkroom.controller.store.StoreRegistry;
import dev.darkroom.controller.support.LogContext;
import dev.darkroom.transfer.Transfers;
import dev.darkroom.transfer.model.TransferStatus;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The transfers of imports in this process, and the stores that each transfer keeps open. The id of
 * a transfer is the UID of its import. Thread-safe.
 */
public final class ImportTransfers {

  private final Transfers transfers;
  private final TransferEvents events;
  private final StoreRegistry stores;

  /** Submits to {@code transfers}, and holds stores of the registry. */
  public ImportTransfers(Transfers transfers, TransferEvents events, StoreRegistry stores) {
    this.transfers = transfers;
    this.events = events;
    this.stores = stores;
  }

  /**
   * Registers listeners.
   *
   * @param imports receives the import of each transfer that has news
   * @param storeChanged runs when a store changes
   */
  void listen(Consumer<ResourceID> imports, Runnable storeChanged) {
    events.deliverTo(imports);
    stores.whenChanged(storeChanged);
  }

  /** The transfer of the import; empty without one. */
  Optional<TransferStatus> status(ImageImport job) {
    return transfers.status(id(job));
  }

  /**
   * Keeps the stores of a plan open until {@link #forget} or {@link #discard}.
   *
   * @return false when one of them is closed already: then plan again
   */
  boolean hold(ImageImport job, ImportPlan.Go plan) {
    return stores.hold(id(job), plan.stores());
  }

  /** Submits the transfer; its stores must be held. */
  void submit(ImageImport job, ImportPlan.Go plan, int attempt) {
    events.expect(id(job), ResourceID.fromResource(job));
    transfers.submit(id(job), plan.request(), LogContext.of(job, attempt));
  }

  /** Cancels the transfer, if there is one. */
  void cancel(ImageImport job) {
    transfers.cancel(id(job));
  }

  /** Suspends the transfer, if there is one. */
  void suspend(ImageImport job) {
    transfers.suspend(id(job));
  }

  /** Forgets a transfer that has ended, and releases its stores. */
  void forget(ImageImport job) {
    boolean known = transfers.forget(id(job));
    if (known || transfers.status(id(job)).isEmpty()) {
      stores.release(id(job));
    }
  }

  /** Forgets the transfer and deletes its state for a resume: no attempt follows. */
  void discard(ImageImport job) {
    transfers.discard(id(job));
    forget(job);
    events.forget(id(job));
  }

  private static String id(ImageImport job) {
    return job.getMetadata().getUid();
  }
}
