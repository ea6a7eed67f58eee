package dev.darkroom.controller.leader;

import dev.darkroom.controller.support.StoreFigures;
import java.util.Collection;

/** A running operator: it works, or stands by for the Lease. Thread-safe. */
public interface OperatorHandle extends AutoCloseable {

  /** Whether it works or stands by without a fault: the readiness of the process. */
  boolean isReady();

  /** The known content of each store; empty while it stands by. */
  Collection<StoreFigures> inventory();

  /** Stops in order; blocks until it has stopped. */
  @Override
  void close();
}
