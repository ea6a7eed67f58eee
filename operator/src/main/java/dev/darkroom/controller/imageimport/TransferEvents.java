package dev.darkroom.controller.imageimport;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Brings word of transfers to the import that each belongs to. Safe for use by many threads. */
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

  /** A transfer has something to tell. */
  public void wake(String transfer) {
    ResourceID job = imports.get(transfer);
    if (job != null) {
      receiver.accept(job);
    }
  }
}
