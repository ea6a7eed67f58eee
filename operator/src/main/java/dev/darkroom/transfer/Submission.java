package dev.darkroom.transfer;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** A transfer that {@link Transfers} knows: from its submission until it is forgotten. */
final class Submission {

  private static final Logger LOG = LoggerFactory.getLogger(Submission.class);
  private static final double MIB = 1 << 20;

  private final String id;
  private final TransferRequest request;
  private final Map<String, String> logContext;
  private final Meter meter;
  private final StopSignal stop = new StopSignal();
  private volatile Optional<Outcome> outcome = Optional.empty();

  Submission(String id, TransferRequest request, Map<String, String> logContext, Meter meter) {
    this.id = id;
    this.request = request;
    this.logContext = Map.copyOf(logContext);
    this.meter = meter;
  }

  String id() {
    return id;
  }

  TransferStatus status() {
    // The outcome first: progress that is read after it is final.
    Optional<Outcome> ended = outcome;
    return new TransferStatus(meter.snapshot(), ended);
  }

  boolean ended() {
    return outcome.isPresent();
  }

  /** It ended so; once. */
  void end(Outcome how) {
    outcome = Optional.of(how);
  }

  /** Stops it, if it is not too late; may take as long as it takes to close a connection. */
  void cancel() {
    boolean unused = stop.stop(new Outcome.Cancelled());
  }

  /** Runs it on this thread and on others; returns how it ended. */
  Outcome run(Executor threads, Chunks chunks, LongSupplier nanoTime) {
    MDC.setContextMap(logContext);
    try {
      LOG.info("Importing {} to {}", request.source().describe(), targets());
      long start = nanoTime.getAsLong();
      Executor ours = task -> threads.execute(() -> runInLogContext(task));
      Outcome result = new Transfer(request, ours, chunks, meter, stop).run();
      tell(result, nanoTime.getAsLong() - start);
      return result;
    } finally {
      MDC.clear();
    }
  }

  private void runInLogContext(Runnable task) {
    MDC.setContextMap(logContext);
    try {
      task.run();
    } finally {
      MDC.clear();
    }
  }

  private void tell(Outcome result, long nanos) {
    if (result instanceof Outcome.Stored stored) {
      double seconds = nanos / 1e9;
      long read = meter.snapshot().bytes();
      LOG.info(
          "Stored {} bytes, {}, in {}: {} MiB read in {} s, {} MiB/s",
          stored.facts().size(),
          stored.facts().sha256(),
          stored.copies().keySet(),
          Math.round(read / MIB),
          String.format(Locale.ROOT, "%.1f", seconds),
          Math.round(read / MIB / Math.max(seconds, 1e-3)));
    } else if (result instanceof Outcome.Failed failed) {
      LOG.warn("Failed: {}: {}", failed.failure().reason().apiName(), failed.failure().message());
    } else {
      LOG.info("Cancelled");
    }
  }

  private String targets() {
    return request.targets().stream()
        .map(target -> target.name() + ":" + target.key())
        .collect(Collectors.joining(", "));
  }
}
