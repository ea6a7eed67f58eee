package dev.darkroom.transfer;

import dev.darkroom.transfer.call.CancellationToken;
import dev.darkroom.transfer.call.TransferContext;
import dev.darkroom.transfer.model.CopyHealth;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Progress;
import dev.darkroom.transfer.model.QueuePlace;
import dev.darkroom.transfer.model.TransferObserver.Recorder;
import dev.darkroom.transfer.model.TransferRequest;
import dev.darkroom.transfer.model.TransferStatus;
import dev.darkroom.transfer.pipeline.ProgressMeter;
import dev.darkroom.transfer.queue.TransferQueue;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * The queue's record of a transfer, from its submission until it is forgotten: what was requested,
 * its state, its progress and its outcome. {@link TransferRun} does the work.
 */
final class Transfer implements TransferQueue.Entry {

  private static final Logger LOG = LoggerFactory.getLogger(Transfer.class);
  private static final double MIB = 1 << 20;

  private final String id;
  private final TransferRequest request;
  private final Map<String, String> logContext;
  private final ProgressMeter meter;
  private final CancellationToken token = new CancellationToken();
  private final Map<String, CopyHealth> sources = new ConcurrentHashMap<>();
  private volatile Optional<Outcome> outcome = Optional.empty();
  private volatile boolean started;
  private volatile Recorder recorder = Recorder.NONE;

  /**
   * @param meter makes the meter, which records into what it gets
   */
  Transfer(
      String id,
      TransferRequest request,
      Map<String, String> logContext,
      Function<Recorder, ProgressMeter> meter) {
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
    // The outcome first: progress that is read after the outcome is final.
    Optional<Outcome> ended = outcome;
    return new TransferStatus(meter.snapshot(), place, sources, ended);
  }

  /** Sets the recorder; before the transfer can get a slot. */
  void observedBy(Recorder observer) {
    recorder = observer;
  }

  Recorder recorder() {
    return recorder;
  }

  /** The transfer has a slot. */
  void start() {
    started = true;
  }

  boolean started() {
    return started;
  }

  boolean ended() {
    return outcome.isPresent();
  }

  /** Sets the outcome; once. */
  void end(Outcome how) {
    outcome = Optional.of(how);
    recorder.ended(how);
  }

  /** Cancels the transfer, before the point of no return; callbacks run on the executor. */
  void cancel(Executor executor) {
    boolean unused = token.cancel(new Outcome.Cancelled(), executor);
  }

  /** Cancels the transfer and keeps what the next submission needs to resume. */
  void suspend(Executor executor) {
    boolean unused = token.suspend(executor);
  }

  boolean cancelled() {
    return token.cancelled();
  }

  boolean suspended() {
    return token.suspended();
  }

  /** Runs the transfer, on this thread and on others. */
  Outcome run(TransferContext context, SourceTools tools) {
    MDC.setContextMap(logContext);
    try {
      LOG.info("Transferring {} to {}", request.source().describe(), targets());
      long start = context.nanoTime().getAsLong();
      TransferContext ours =
          context.with(task -> context.threads().execute(() -> runInLogContext(task)));
      Outcome result = new TransferRun(request, ours, tools, meter, token, sources::put).run();
      log(result, context.nanoTime().getAsLong() - start);
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

  private void log(Outcome result, long nanos) {
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
          .failures()
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

  /** Records with the recorder that is set by then. */
  private final class Relay implements Recorder {

    @Override
    public void entered(Progress.Stage stage) {
      recorder.entered(stage);
    }

    @Override
    public void read(long bytes) {
      recorder.read(bytes);
    }
  }
}
