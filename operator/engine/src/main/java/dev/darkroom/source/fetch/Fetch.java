package dev.darkroom.source.fetch;

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
 * The bytes of a source in their order, however they are fetched: over several connections at once
 * where one is slow, the source serves ranges of a version that can be told from others, and there
 * are enough bytes; over one otherwise, which costs less: its bytes go straight to the reader. A
 * connection that breaks is replaced by one that goes on where it broke, as long as bytes come;
 * each part has to be of the version and length that the first answer told.
 *
 * <p>The first request is for one part only, so that a look at the {@link #head} costs little. No
 * other is made before the first read. Read by one thread; {@link #close} may be called by any.
 */
public final class Fetch implements SourceBody {

  /**
   * Where to go on with bytes that were begun before.
   *
   * @param offset of the first byte that is still wanted
   * @param validator of the version that was begun
   * @param length of the whole, if it is known
   */
  public record From(long offset, String validator, OptionalLong length) {

    /** Checks the bounds. */
    public From {
      if (offset < 0 || (length.isPresent() && offset > length.getAsLong())) {
        throw new IllegalArgumentException("no offset in the bytes: " + offset);
      }
    }
  }

  private final SourceHead head;
  private final FetchContext context;

  private final Object lock = new Object();
  private Stage stage;
  private Optional<ParallelFetch> next = Optional.empty();
  private boolean closed;

  /**
   * Where the only body that was asked for so far ends, while there may be others; the reader's.
   */
  private OptionalLong partEnd;

  /** Of the one connection, while there may be others; the reader's. */
  private Optional<SpeedProbe> pace;

  private Fetch(SourceHead head, FetchContext context, Stage only) {
    this(head, context, only, OptionalLong.empty(), Optional.empty());
  }

  private Fetch(
      SourceHead head,
      FetchContext context,
      Stage first,
      OptionalLong partEnd,
      Optional<SpeedProbe> pace) {
    this.head = head;
    this.context = context;
    this.stage = first;
    this.partEnd = partEnd;
    this.pace = pace;
  }

  /**
   * Makes the first request and waits for its answer.
   *
   * @param from where to go on; empty to begin at the first byte
   * @throws SourceException as {@link Source#open()} says; {@code CHANGED} when there is another
   *     version than that to go on with, {@code RANGE_REFUSED} when it can't be gone on with
   * @throws InterruptedException when the thread was interrupted while it waited
   */
  public static Fetch open(Source source, FetchOptions options, Optional<From> from)
      throws SourceException, InterruptedException {
    FetchContext context = new FetchContext(source, options);
    return from.isPresent() ? resumed(context, from.get()) : begun(context);
  }

  @Override
  public SourceHead head() {
    return head;
  }

  @Override
  public int read(ByteBuffer into) throws SourceException {
    if (!into.hasRemaining()) {
      throw new IllegalArgumentException("no room in the buffer");
    }
    context.throughput().begin();
    int count = readOn(into);
    context.deliver(Math.max(count, 0));
    return count;
  }

  /** What it took so far. */
  public FetchReport report() {
    return context.report();
  }

  @Override
  public void close() {
    Stage current;
    synchronized (lock) {
      closed = true;
      current = stage;
      next.ifPresent(ParallelFetch::close);
    }
    current.close();
  }

  private static Fetch begun(FetchContext context) throws SourceException, InterruptedException {
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
      return inOneGo(context, body);
    }
    if (head.length().isEmpty() || head.validator().isEmpty()) {
      // The second part might be of another version than the first.
      body.close();
      return whole(context);
    }
    return inParts(context, body, 0, head.validator());
  }

  private static Fetch resumed(FetchContext context, From from)
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
      // Whether there still is what there was is all that the request was for.
      return inOneGo(context, new EmptyBody(head), from.offset(), validator);
    }
    if (!head.acceptsRanges()
        || head.length().isEmpty()
        || context.isWithinFirstPart(offset, head.length())) {
      return inOneGo(context, body, offset, validator);
    }
    return inParts(context, body, offset, validator);
  }

  private static Fetch whole(FetchContext context) throws SourceException, InterruptedException {
    return inOneGo(context, context.whole());
  }

  private static Fetch inOneGo(FetchContext context, SourceBody body) {
    return inOneGo(context, body, 0, body.head().validator());
  }

  /** The body goes on to the end. */
  private static Fetch inOneGo(
      FetchContext context, SourceBody body, long offset, Optional<String> validator) {
    OptionalLong length = body.head().length();
    context.begin(validator, body.head(), offset);
    return new Fetch(body.head(), context, new SequentialFetch(context, body, length, length));
  }

  /** The body is the first part of several. */
  private static Fetch inParts(
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
      if (pace.isPresent() && pace.get().isSlow()) {
        pace = Optional.empty();
        widen();
      }
      try {
        int count = readSome(into);
        if (count >= 0 || !moveOn()) {
          return count;
        }
      } catch (SourceException e) {
        if (e.kind() != Kind.RANGE_REFUSED || !(stage instanceof ParallelFetch)) {
          throw e;
        }
        fallBack();
      }
    }
  }

  private int readSome(ByteBuffer into) throws SourceException {
    long before = System.nanoTime();
    int count = stage.read(into);
    pace.ifPresent(of -> of.waited(System.nanoTime() - before, Math.max(count, 0)));
    return count;
  }

  /** Has more connections than the one. */
  private void widen() {
    int connections = context.options().connections();
    long length = context.length().orElseThrow();
    synchronized (lock) {
      if (closed) {
        return;
      }
      if (partEnd.isPresent()) {
        ParallelFetch parts = new ParallelFetch(context, partEnd.getAsLong(), length);
        next = Optional.of(parts);
        parts.start(connections - 1);
      } else if (context.isWorthParallel(length - context.position())) {
        // What the one was asked for is all the rest, which is too much for it.
        stage.close();
        ParallelFetch parts = new ParallelFetch(context, context.position(), length);
        stage = parts;
        parts.start(connections);
      }
    }
  }

  /** From the first part to the others, which have a connection more from then on, or to all. */
  private boolean moveOn() throws SourceException {
    synchronized (lock) {
      if (partEnd.isEmpty()) {
        return false;
      }
      partEnd = OptionalLong.empty();
      if (closed) {
        throw FetchErrors.closed();
      }
      stage.close();
      next.ifPresent(parts -> parts.start(1));
      stage = next.isPresent() ? next.get() : new SequentialFetch(context);
      next = Optional.empty();
      return true;
    }
  }

  /** The source does something odd with several connections: one is left, which is patient. */
  private void fallBack() {
    synchronized (lock) {
      stage.close();
      stage = new SequentialFetch(context);
      if (closed) {
        stage.close();
      }
    }
  }

  /** One way to read a range of the bytes. */
  interface Stage {
    /** As {@link SourceBody#read}. */
    int read(ByteBuffer into) throws SourceException;

    /** As {@link SourceBody#close}. */
    void close();
  }
}
