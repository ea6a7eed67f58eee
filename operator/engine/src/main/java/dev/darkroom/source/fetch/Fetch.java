package dev.darkroom.source.fetch;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.darkroom.source.EmptyBody;
import dev.darkroom.source.Source;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import dev.darkroom.source.SourceHead;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads the bytes of a source in their order. Uses several connections at once when one connection
 * is slow, the source serves ranges of a version that a validator identifies, and there are enough
 * bytes. Uses one connection otherwise, which costs less: the bytes go straight to the reader. A
 * broken connection is replaced by one that continues where it broke, as long as bytes come. Each
 * part must be of the version and length of the first answer.
 *
 * <p>The first request is for one part only, so that a call for the {@link #head} costs little. No
 * other request is made before the first read. Read by one thread; {@link #close} is thread-safe.
 */
public final class Fetch implements SourceBody {

  /**
   * Where to resume an earlier fetch.
   *
   * @param offset the first byte to fetch
   * @param validator the validator of the earlier fetch's version
   * @param length the length of the whole, if known
   */
  public record From(long offset, String validator, OptionalLong length) {

    /** Checks the bounds. */
    public From {
      if (offset < 0 || (length.isPresent() && offset > length.getAsLong())) {
        throw new IllegalArgumentException("offset out of range: " + offset);
      }
    }
  }

  private final SourceHead head;
  private final FetchContext context;

  private final Object lock = new Object();

  /** Written by the reader's thread, under the lock. */
  @GuardedBy("lock")
  private RangeReader current;

  /** Fetches the parts behind the first while {@code current} still reads that one. */
  @GuardedBy("lock")
  private Optional<ParallelFetch> next = Optional.empty();

  @GuardedBy("lock")
  private boolean closed;

  /** The end of the first part until the reader is behind it; used by the reader's thread. */
  private OptionalLong partEnd;

  /** Of the first connection until there are others; used by the reader's thread. */
  private Optional<SpeedProbe> speedProbe;

  private Fetch(SourceHead head, FetchContext context, RangeReader only) {
    this(head, context, only, OptionalLong.empty(), Optional.empty());
  }

  private Fetch(
      SourceHead head,
      FetchContext context,
      RangeReader first,
      OptionalLong partEnd,
      Optional<SpeedProbe> speedProbe) {
    this.head = head;
    this.context = context;
    this.current = first;
    this.partEnd = partEnd;
    this.speedProbe = speedProbe;
  }

  /**
   * Makes the first request and waits for its answer.
   *
   * @param from where to resume; empty to start at the first byte
   * @throws SourceException as {@link Source#open()}; when it resumes, {@code CHANGED} for another
   *     version and {@code RANGE_REFUSED} for a source that no longer serves ranges
   * @throws InterruptedException when the thread is interrupted while it waits
   */
  public static Fetch open(Source source, FetchOptions options, Optional<From> from)
      throws SourceException, InterruptedException {
    FetchContext context = new FetchContext(source, options);
    return from.isPresent() ? resume(context, from.get()) : begin(context);
  }

  @Override
  public SourceHead head() {
    return head;
  }

  @Override
  public int read(ByteBuffer into) throws SourceException {
    if (!into.hasRemaining()) {
      throw new IllegalArgumentException("the buffer has no free space");
    }
    context.throughput().begin();
    int count = readOn(into);
    context.deliver(Math.max(count, 0));
    return count;
  }

  /** Returns the counts of requests and bytes so far. */
  public FetchReport report() {
    return context.report();
  }

  @Override
  public void close() {
    RangeReader open;
    synchronized (lock) {
      closed = true;
      open = current;
      next.ifPresent(ParallelFetch::close);
    }
    open.close();
  }

  private static Fetch begin(FetchContext context) throws SourceException, InterruptedException {
    SourceBody body;
    try {
      body = context.firstPart(0, Optional.empty());
    } catch (SourceException e) {
      if (e.kind() != Kind.RANGE_REFUSED) {
        throw e;
      }
      return whole(context);
    }
    SourceHead head = body.head();
    if (!head.acceptsRanges() || context.isWithinFirstPart(0, head.length())) {
      return sequential(context, body);
    }
    if (head.length().isEmpty() || head.validator().isEmpty()) {
      // Without both, a second part of another version would go unnoticed.
      body.close();
      return whole(context);
    }
    return mixed(context, body, 0, head.validator());
  }

  private static Fetch resume(FetchContext context, From from)
      throws SourceException, InterruptedException {
    Optional<String> validator = Optional.of(from.validator());
    boolean nothingLeft = from.offset() > 0 && from.length().equals(OptionalLong.of(from.offset()));
    long offset = nothingLeft ? from.offset() - 1 : from.offset();
    SourceBody body = context.firstPart(offset, validator);
    boolean handedOver = false;
    try {
      FetchContext.requireLength(from.length(), body.head());
      handedOver = !nothingLeft;
    } finally {
      if (!handedOver) {
        body.close();
      }
    }
    SourceHead head = body.head();
    if (nothingLeft) {
      // The request only checks that the source still has the same version.
      return sequential(context, new EmptyBody(head), from.offset(), validator);
    }
    if (!head.acceptsRanges()
        || head.length().isEmpty()
        || context.isWithinFirstPart(offset, head.length())) {
      return sequential(context, body, offset, validator);
    }
    return mixed(context, body, offset, validator);
  }

  private static Fetch whole(FetchContext context) throws SourceException, InterruptedException {
    return sequential(context, context.whole());
  }

  private static Fetch sequential(FetchContext context, SourceBody body) {
    return sequential(context, body, 0, body.head().validator());
  }

  /** Fetches over one connection; the body extends to the end of the source. */
  private static Fetch sequential(
      FetchContext context, SourceBody body, long offset, Optional<String> validator) {
    OptionalLong length = body.head().length();
    context.begin(validator, body.head(), offset);
    return new Fetch(body.head(), context, new SequentialFetch(context, body, length, length));
  }

  /** Fetches over one connection, or over several when it is slow; the body is the first part. */
  private static Fetch mixed(
      FetchContext context, SourceBody body, long offset, Optional<String> validator) {
    OptionalLong length = body.head().length();
    context.begin(validator, body.head(), offset);
    OptionalLong partEnd = OptionalLong.of(offset + context.options().partBytes());
    if (!context.isWorthParallel(length.getAsLong() - offset)) {
      return new Fetch(body.head(), context, new SequentialFetch(context, body, partEnd, length));
    }
    return new Fetch(
        body.head(),
        context,
        new SequentialFetch(context, body, partEnd, partEnd),
        partEnd,
        Optional.of(new SpeedProbe(context.options().fastBytesPerSecond())));
  }

  private int readOn(ByteBuffer into) throws SourceException {
    while (true) {
      if (speedProbe.isPresent() && speedProbe.get().isSlow()) {
        speedProbe = Optional.empty();
        addConnections();
      }
      RangeReader reader = current();
      try {
        int count = readSome(reader, into);
        if (count >= 0 || !advance()) {
          return count;
        }
      } catch (SourceException e) {
        if (e.kind() != Kind.RANGE_REFUSED || !(reader instanceof ParallelFetch)) {
          throw e;
        }
        fallBack();
      }
    }
  }

  private RangeReader current() {
    synchronized (lock) {
      return current;
    }
  }

  private int readSome(RangeReader reader, ByteBuffer into) throws SourceException {
    long before = System.nanoTime();
    int count = reader.read(into);
    speedProbe.ifPresent(probe -> probe.waited(System.nanoTime() - before, Math.max(count, 0)));
    return count;
  }

  /** Starts the parallel fetch, because one connection is slow. */
  private void addConnections() {
    int connections = context.options().connections();
    long length = context.length().orElseThrow();
    synchronized (lock) {
      if (closed) {
        return;
      }
      if (partEnd.isPresent()) {
        ParallelFetch parallel = new ParallelFetch(context, partEnd.getAsLong(), length);
        next = Optional.of(parallel);
        parallel.start(connections - 1);
      } else if (context.isWorthParallel(length - context.position())) {
        // The open request covers all the rest, which is too much for one connection.
        current.close();
        ParallelFetch parallel = new ParallelFetch(context, context.position(), length);
        current = parallel;
        parallel.start(connections);
      }
    }
  }

  /**
   * Continues behind the first part: with the parallel fetch if it has started, which gets the
   * first part's connection too, else sequentially. Returns false at the end of the source.
   */
  private boolean advance() throws SourceException {
    synchronized (lock) {
      if (partEnd.isEmpty()) {
        return false;
      }
      partEnd = OptionalLong.empty();
      if (closed) {
        throw FetchErrors.closed();
      }
      current.close();
      next.ifPresent(parallel -> parallel.start(1));
      current = next.isPresent() ? next.get() : new SequentialFetch(context);
      next = Optional.empty();
      return true;
    }
  }

  /** Replaces the parallel fetch by a sequential one, which retries refused ranges. */
  private void fallBack() {
    synchronized (lock) {
      current.close();
      current = new SequentialFetch(context);
      if (closed) {
        current.close();
      }
    }
  }
}
