package dev.darkroom.transfer;

import dev.darkroom.transfer.call.CancellationToken;
import dev.darkroom.transfer.call.TransferContext;
import dev.darkroom.transfer.model.CopyHealth;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Progress;
import dev.darkroom.transfer.model.QueuePlace;
import dev.darkroom.transfer.model.TransferObserver.Journey;
import dev.darkroom.transfer.model.TransferRequest;
import dev.darkroom.transfer.model.TransferStatus;
import dev.darkroom.transfer.pipeline.ProgressMeter;
import dev.darkroom.transfer.queue.TransferQueue;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** A transfer that {@link Transfers} knows: from its submission until it is forgotten. */
final class Transfer implements TransferQueue.Entry {

  private static final Logger LOG = LoggerFactory.getLogger(Transfer.class);
  private static final double MIB = 1 << 20;

  private final String id;
  private final TransferRequest request;
  private final Map<String, String> logContext;
  private final ProgressMeter meter;
  private final CancellationToken stop = new CancellationToken();
  private final Map<String, CopyHealth> sources = new ConcurrentHashMap<>();
  private volatile Optional<Outcome> outcome = Optional.empty();
  private volatile boolean started;
  private volatile Journey journey = Journey.UNOBSERVED;

  /**
   * @param meter makes one that tells who it is given
   */
  Transfer(
      String id,
      TransferRequest request,
      Map<String, String> logContext,
      Function<Journey, ProgressMeter> meter) {
    this.id = id;
    this.request = request;
    this.logContext = Map.copyOf(logContext);
    this.meter = meter.apply(new Relay());
  }

  String id() {
    return id;
  }

  @Override
  public TransferRequest request() {
    return request;
  }

  TransferStatus status(Optional<QueuePlace> place) {
    // The outcome first: progress that is read after it is final.
    Optional<Outcome> ended = outcome;
    return new TransferStatus(meter.snapshot(), place, sources, ended);
  }

  /** Who hears of it from now on; before it can get a slot. */
  void observedBy(Journey observer) {
    journey = observer;
  }

  Journey journey() {
    return journey;
  }

  /** It got its slot. */
  void start() {
    started = true;
  }

  boolean started() {
    return started;
  }

  boolean ended() {
    return outcome.isPresent();
  }

  /** It ended so; once. */
  void end(Outcome how) {
    outcome = Optional.of(how);
    journey.ended(how);
  }

  /** Stops it, if it is not too late; may take as long as it takes to close a connection. */
  void cancel() {
    boolean unused = stop.stop(new Outcome.Cancelled());
  }

  /** The same, but what it has brought is kept. */
  void suspend() {
    boolean unused = stop.suspend();
  }

  boolean stopping() {
    return stop.stopped();
  }

  boolean suspended() {
    return stop.suspended();
  }

  /** Runs it on this thread and on others; returns how it ended. */
  Outcome run(TransferContext context, SourceTools tools) {
    MDC.setContextMap(logContext);
    try {
      LOG.info("Importing {} to {}", request.source().describe(), targets());
      long start = context.nanoTime().getAsLong();
      TransferContext ours =
          context.with(task -> context.threads().execute(() -> runInLogContext(task)));
      Outcome result = new TransferRun(request, ours, tools, meter, stop, sources::put).run();
      tell(result, context.nanoTime().getAsLong() - start);
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
      stored
          .missed()
          .forEach((store, failure) -> LOG.warn("Not in store {}: {}", store, failure.message()));
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

  /** Tells whoever observes by then. */
  private final class Relay implements Journey {

    @Override
    public void entered(Progress.Stage stage) {
      journey.entered(stage);
    }

    @Override
    public void read(long bytes) {
      journey.read(bytes);
    }
  }
}
