package dev.darkroom.observe;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Progress;
import dev.darkroom.transfer.model.TransferObserver;
import dev.darkroom.transfer.model.TransferRequest;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Traces of transfers: a span of the transfer with a child span for each stage. Attributes hold no
 * URLs and no credentials, like log lines.
 */
final class TransferTraces implements TransferObserver {

  private final Tracer tracer;

  TransferTraces(Tracer tracer) {
    this.tracer = tracer;
  }

  @Override
  public Recorder submitted(String id, TransferRequest request, Map<String, String> context) {
    SourceType source = SourceType.of(request.source());
    Span span =
        tracer
            .spanBuilder(source == SourceType.COPY ? "copy" : "import")
            .setNoParent()
            .setAttribute("darkroom.source", source.label())
            .setAttribute(
                "darkroom.stores",
                String.join(",", request.targets().stream().map(target -> target.name()).toList()))
            .startSpan();
    context.forEach((key, value) -> span.setAttribute("darkroom." + key, value));
    return new Traced(span);
  }

  /** One transfer. Thread-safe: its stages may run on different threads. */
  private final class Traced implements Recorder {

    private final Span transfer;
    private final AtomicLong read = new AtomicLong();

    @GuardedBy("this")
    private Span stage;

    Traced(Span transfer) {
      this.transfer = transfer;
      this.stage = begin(Progress.Stage.QUEUED);
    }

    @Override
    public synchronized void entered(Progress.Stage next) {
      stage.end();
      stage = begin(next);
    }

    @Override
    public void read(long bytes) {
      read.addAndGet(bytes);
    }

    @Override
    public synchronized void ended(Outcome outcome) {
      transfer.setAttribute("darkroom.bytes_read", read.get());
      if (outcome instanceof Outcome.Stored stored) {
        transfer.setAttribute("darkroom.size", stored.facts().size());
        transfer.setStatus(StatusCode.OK);
      } else if (outcome instanceof Outcome.Failed failed) {
        String reason = failed.failure().reason().apiName();
        transfer.setAttribute("darkroom.reason", reason);
        stage.setStatus(StatusCode.ERROR, reason);
        transfer.setStatus(StatusCode.ERROR, reason);
      } else {
        transfer.setAttribute("darkroom.cancelled", true);
      }
      stage.end();
      transfer.end();
    }

    private Span begin(Progress.Stage entered) {
      return tracer
          .spanBuilder(entered.name().toLowerCase(Locale.ROOT))
          .setParent(Context.root().with(transfer))
          .startSpan();
    }
  }
}
