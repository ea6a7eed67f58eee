package dev.darkroom.transfer.copy;

import dev.darkroom.source.SourceBody;
import dev.darkroom.store.Blob;
import dev.darkroom.store.BlobStore;
import dev.darkroom.store.BlobWrite;
import dev.darkroom.store.StoreException;
import dev.darkroom.transfer.call.CancellationToken;
import dev.darkroom.transfer.call.StoreCall;
import dev.darkroom.transfer.call.StoreCallException;
import dev.darkroom.transfer.call.TimedChannel;
import dev.darkroom.transfer.call.TransferContext;
import dev.darkroom.transfer.model.CopyHealth;
import dev.darkroom.transfer.model.CopySource;
import dev.darkroom.transfer.model.Facts;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Failures;
import dev.darkroom.transfer.model.Progress;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.RefusedException;
import dev.darkroom.transfer.model.Target;
import dev.darkroom.transfer.model.TransferRequest;
import dev.darkroom.transfer.pipeline.CountedBody;
import dev.darkroom.transfer.pipeline.Examination;
import dev.darkroom.transfer.pipeline.Pipeline;
import dev.darkroom.transfer.pipeline.ProgressMeter;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills stores from a verified copy in another: by a server-side copy where the stores can, else by
 * reading it. Either way the digest is compared before the publication, as far as the target lets
 * the copy be read back. When a copy is bad, its health is reported and the next copy is read.
 */
public final class CopyTransfer {

  private static final Logger LOG = LoggerFactory.getLogger(CopyTransfer.class);

  /** How the bytes are copied. */
  public enum Way {
    /** By a server-side copy where the stores can. */
    QUICKEST,
    /** Always read and compared. */
    READING
  }

  private final TransferRequest request;
  private final Preflight preflight;
  private final Facts expected;
  private final TransferContext context;
  private final ProgressMeter meter;
  private final CancellationToken token;
  private final Way way;
  private final BiConsumer<String, CopyHealth> found;

  /**
   * Prepares a transfer.
   *
   * @param expected the verified facts of the copies
   * @param found gets the health of a copy that was read, by the name of its store
   */
  public CopyTransfer(
      TransferRequest request,
      Preflight preflight,
      Facts expected,
      TransferContext context,
      ProgressMeter meter,
      CancellationToken token,
      Way way,
      BiConsumer<String, CopyHealth> found) {
    this.request = request;
    this.preflight = preflight;
    this.expected = expected;
    this.context = context;
    this.meter = meter;
    this.token = token;
    this.way = way;
    this.found = found;
  }

  /**
   * Fills every missing target from the first good copy.
   *
   * @throws RefusedException when no copy is good, or too many targets fail
   * @throws InterruptedException when the transfer is cancelled
   */
  public PublishedCopies from(List<CopySource.Copy> copies)
      throws RefusedException, InterruptedException {
    preflight.requireCapacity(OptionalLong.of(expected.size()), target -> 0);
    Optional<RefusedException> refused = Optional.empty();
    for (CopySource.Copy copy : copies) {
      try {
        return from(copy);
      } catch (BadCopyException e) {
        String store = copy.target().name();
        LOG.warn("The copy in store {} can't be read from: {}", store, e.health());
        found.accept(store, e.health());
        refused = Optional.of(new RefusedException(failure(store, e.health())));
      }
    }
    throw refused.orElseThrow();
  }

  private PublishedCopies from(CopySource.Copy copy)
      throws RefusedException, InterruptedException, BadCopyException {
    CancellationToken attempt = token.child();
    PendingCopies copies = new PendingCopies(context, attempt, preflight.failedTargets());
    try {
      List<Target> left =
          preflight.missing().stream()
              .filter(target -> !copiedByTheStore(target, copy, copies))
              .toList();
      for (CopyWrite write : copies.sinks()) {
        verify(write, attempt);
      }
      Facts facts = expected;
      if (!left.isEmpty()) {
        facts = read(copy, left, copies, attempt);
        found.accept(copy.target().name(), new CopyHealth.Good());
      }
      token.passPointOfNoReturn();
      meter.stage(Progress.Stage.PUBLISHING);
      return new PublishedCopies(
          facts, copies.publish(request, new CopyRecord(preflight.fingerprint(), facts)));
    } finally {
      copies.close(PendingCopies.Ending.ABORT);
    }
  }

  /** Copies on the side of the stores; whether they could. */
  private boolean copiedByTheStore(Target target, CopySource.Copy copy, PendingCopies copies) {
    boolean digestIsKnown =
        request
            .checksum()
            .map(wanted -> expected.digests().containsKey(wanted.algorithm()))
            .orElse(true);
    if (way == Way.READING
        || !digestIsKnown
        || !target.store().capabilities().contains(BlobStore.Capability.SERVER_SIDE_COPY)) {
      return false;
    }
    try {
      Optional<BlobWrite> write =
          StoreCall.start(
                  context.threads(),
                  target.name(),
                  () -> copied(target, copy.target()),
                  late -> late.ifPresent(BlobWrite::abort))
              .await(context.timeouts().copy(), token, context.timeouts().grace());
      write.ifPresent(done -> copies.add(target, done));
      return write.isPresent();
    } catch (StoreCallException e) {
      LOG.warn("Store {} can't copy on its side; the bytes are read", target.name(), e);
      return false;
    }
  }

  /** Asks the store for the blob: the request may know only its size. */
  private static Optional<BlobWrite> copied(Target target, Target from) throws StoreException {
    Optional<Blob> original = from.store().stat(from.key());
    return original.isPresent()
        ? target.store().copy(target.key(), from.store(), original.get())
        : Optional.empty();
  }

  /** Compares a server-side copy with the facts, where it can be read back. */
  private void verify(CopyWrite copy, CancellationToken attempt)
      throws RefusedException, InterruptedException, BadCopyException {
    String store = copy.target().name();
    BlobWrite write = copy.write();
    if (write.position() != expected.size()) {
      throw new BadCopyException(
          new CopyHealth.Corrupt("it has %d bytes.".formatted(write.position())));
    }
    try {
      Optional<ReadableByteChannel> channel = write.readBack(0, expected.size());
      if (channel.isPresent()) {
        Facts unused = read(store, attempt, channel::get, List::of);
      }
    } catch (StoreException e) {
      throw new RefusedException(Failures.ofStore(store, e));
    } catch (BadCopyException e) {
      if (e.health() instanceof CopyHealth.Corrupt) {
        throw e;
      }
      throw new RefusedException(failure(store, e.health()));
    }
  }

  private Facts read(
      CopySource.Copy copy, List<Target> targets, PendingCopies copies, CancellationToken attempt)
      throws RefusedException, InterruptedException, BadCopyException {
    Target from = copy.target();
    return read(
        from.name(),
        attempt,
        () -> from.store().read(from.key(), 0, copy.blob().size()),
        () -> {
          copies.open(targets);
          return copies.sinks();
        });
  }

  private Facts read(
      String store, CancellationToken attempt, TimedChannel.Opening opening, Pipeline.Sinks sinks)
      throws RefusedException, InterruptedException, BadCopyException {
    CopyReading body;
    try {
      body = CopyReading.open(context, attempt, store, expected.size(), opening);
    } catch (StoreCallException e) {
      attempt.throwIfCancelled();
      throw new BadCopyException(CopyHealth.of(store, e.getCause()));
    }
    meter.restart();
    meter.head(body.head());
    meter.stage(Progress.Stage.IMPORTING);
    Examination examination = Examination.of(request, expected);
    SourceBody counted =
        new CountedBody(body, CountedBody.metered(meter, context.throttle(), attempt));
    try {
      return new Pipeline(context, attempt, meter, examination).run(counted, sinks, total -> {});
    } catch (RefusedException e) {
      if (body.thrown().isPresent()) {
        throw new BadCopyException(CopyHealth.of(store, body.thrown().get()));
      }
      Reason reason = e.failure().reason();
      if (!examination.same()
          && (reason == Reason.CHECKSUM_MISMATCH || reason == Reason.SIZE_MISMATCH)) {
        throw new BadCopyException(new CopyHealth.Corrupt(e.getMessage()));
      }
      throw e;
    }
  }

  private static Failure failure(String store, CopyHealth health) {
    if (health instanceof CopyHealth.Unreadable unreadable) {
      return unreadable.failure();
    }
    String what = health instanceof CopyHealth.Corrupt corrupt ? corrupt.found() : "it is gone.";
    return Failures.ofStore(store, new StoreException(StoreException.Kind.CORRUPT, what));
  }

  /** The copy that was read is bad. */
  private static final class BadCopyException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient CopyHealth health;

    BadCopyException(CopyHealth health) {
      this.health = health;
    }

    CopyHealth health() {
      return health;
    }
  }
}
