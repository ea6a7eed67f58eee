package dev.darkroom.source.fetch;

import dev.darkroom.source.ByteRange;
import dev.darkroom.source.SourceBody;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The requested parts that the reader has not taken yet, in the order of their bytes, and the rule
 * for requesting more. There are at most as many parts, and so buffers, as connections. Used only
 * under the lock of a {@link PartWindow}.
 */
final class PartQueue {

  /** A connection is replaced when it is open for longer than this, and slower by the factor. */
  private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final double SLOW_FACTOR = 8;
  private static final int MAX_RESTARTS = 2;

  /** The share of a part that the reader may have taken and not stored yet. */
  private static final double IN_HAND = 0.75;

  private final FetchContext context;
  private final long end;
  private final Deque<RangePart> parts = new ArrayDeque<>();
  private long next;

  /** Bytes per second of the parts so far, a moving average; 0 before the first. */
  private double usualRate;

  /** Covers the bytes from one offset to another; has no part yet. */
  PartQueue(FetchContext context, long begin, long end) {
    this.context = context;
    this.next = begin;
    this.end = end;
  }

  /** Returns the part that the reader takes bytes of. */
  Optional<RangePart> first() {
    return Optional.ofNullable(parts.peekFirst());
  }

  /** Returns whether all parts were taken and no more will come. */
  boolean isDone() {
    return parts.isEmpty() && next == end;
  }

  /** Returns whether another part may be requested. */
  boolean mayAppend() {
    if (next == end || parts.isEmpty()) {
      return next < end;
    }
    long part = context.options().partBytes();
    int connections = context.options().connections();
    return parts.size() < connections
        && next + part - context.behind((long) (IN_HAND * part)) <= connections * part;
  }

  /** Turns the first waiting part, or a new one if it may be requested, to {@code FETCHING}. */
  Optional<RangePart> claim() {
    Optional<RangePart> waiting =
        parts.stream().filter(part -> part.state() == RangePart.State.WAITING).findFirst();
    if (waiting.isEmpty() && mayAppend()) {
      waiting = Optional.of(append());
    }
    waiting.ifPresent(part -> part.turn(RangePart.State.FETCHING));
    return waiting;
  }

  private RangePart append() {
    long length = Math.min(context.options().partBytes(), end - next);
    ByteBuffer buffer = PartBuffers.take(Math.toIntExact(context.options().partBytes()));
    RangePart part = new RangePart(new ByteRange(next, length), buffer, context.retryPolicy());
    parts.addLast(part);
    next += length;
    return part;
  }

  /** Removes the first part, all of which was taken. */
  void removeFirst() {
    PartBuffers.giveBack(parts.removeFirst().buffer());
  }

  /**
   * Removes the parts whose buffers are not in use.
   *
   * @param reading whether the reader is copying bytes out of the first part
   */
  void removeUnused(boolean reading) {
    Optional<RangePart> inHand = reading ? first() : Optional.empty();
    parts.removeIf(
        part -> {
          boolean used =
              part.state() == RangePart.State.FETCHING || inHand.filter(part::equals).isPresent();
          if (!used) {
            PartBuffers.giveBack(part.buffer());
          }
          return !used;
        });
  }

  /** Returns the open bodies of all parts. */
  List<SourceBody> bodies() {
    return parts.stream().flatMap(part -> part.body().stream()).toList();
  }

  /** Counts the rate of a part whose last byte came. */
  void countRate(RangePart part) {
    usualRate = usualRate == 0 ? part.rate() : (3 * usualRate + part.rate()) / 4;
  }

  /** Closes the first part's body if all others wait for it and it is much slower than usual. */
  void restartSlowFirst() {
    first()
        .filter(this::isHoldingUpOthers)
        .ifPresent(
            part -> {
              part.restart();
              part.body().ifPresent(SourceBody::close);
            });
  }

  private boolean isHoldingUpOthers(RangePart first) {
    return first.body().isPresent()
        && first.restarts() < MAX_RESTARTS
        && first.nanosOpen() > SLOW_NANOS
        && first.rate() * SLOW_FACTOR < usualRate
        && parts.stream().skip(1).allMatch(part -> part.state() == RangePart.State.COMPLETE);
  }
}
