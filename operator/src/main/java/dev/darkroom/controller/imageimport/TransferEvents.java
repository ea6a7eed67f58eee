package dev.darkroom.controller.imageimport;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Routes events of transfers to their imports. Thread-safe. */
public final class TransferEvents {

  private final Map<String, ResourceID> imports = new ConcurrentHashMap<>();
  private volatile Consumer<ResourceID> receiver = id -> {};

  void deliverTo(Consumer<ResourceID> imports) {
    this.receiver = imports;
  }

  void expect(String transfer, ResourceID job) {
    imports.put(transfer, job);
  }

  void forget(String transfer) {
    imports.remove(transfer);
  }

  /** Forwards an event of a transfer to its import. */
  public void wake(String transfer) {
    ResourceID job = imports.get(transfer);
    if (job != null) {
      receiver.accept(job);
    }
  }
}
