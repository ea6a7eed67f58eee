package dev.darkroom.source.fetch;

import dev.darkroom.source.ByteRange;
import dev.darkroom.source.Source;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import dev.darkroom.source.SourceHead;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The state that all connections of one fetch share: the version that is fetched, the reader's
 * position and the counters. The version is set once, before other threads start. The counters are
 * thread-safe; only the reader's thread writes the position.
 */
final class FetchContext {

  private final Source source;
  private final FetchOptions options;
  private final Throughput throughput;
  private final RetryAfterBudget budget = new RetryAfterBudget();
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong broken = new AtomicLong();

  private Optional<String> validator = Optional.empty();
  private OptionalLong length = OptionalLong.empty();
  private boolean provedRanges;
  private long offset;
  private volatile long position;

  FetchContext(Source source, FetchOptions options) {
    this.source = source;
    this.options = options;
    this.throughput = new Throughput(options.minimumBytesPerSecond(), options.overWindow());
  }

  FetchOptions options() {
    return options;
  }

  Throughput throughput() {
    return throughput;
  }

  /** Returns a new policy for one sequence of requests; all share one Retry-After budget. */
  RetryPolicy retryPolicy() {
    return new RetryPolicy(options.fruitlessTries(), budget);
  }

  /** Requests one part. */
  SourceBody firstPart(long from, Optional<String> version)
      throws SourceException, InterruptedException {
    requests.incrementAndGet();
    return source.open(
        new ByteRange(from, Math.min(options.partBytes(), Long.MAX_VALUE - from)), version);
  }

  /** Requests all bytes. */
  SourceBody whole() throws SourceException, InterruptedException {
    requests.incrementAndGet();
    return source.open();
  }

  /** Sets the version that is fetched from now on, and the first offset. */
  void begin(Optional<String> version, SourceHead head, long from) {
    this.validator = version;
    this.length = head.length();
    this.provedRanges = head.acceptsRanges();
    this.offset = from;
    this.position = from;
  }

  /** Returns whether further requests can name the version of the first answer. */
  boolean isResumable() {
    return validator.isPresent() && length.isPresent();
  }

  /** Returns whether the source served a range or said that it does. */
  boolean provedRanges() {
    return provedRanges;
  }

  /** Returns the length of the source, if it announced one. */
  OptionalLong length() {
    return length;
  }

  /** Returns whether the first part, from an offset on, extends to the end of the source. */
  boolean isWithinFirstPart(long from, OptionalLong total) {
    return total.isPresent() && total.getAsLong() - from <= options.partBytes();
  }

  boolean isWorthParallel(long bytes) {
    return options.connections() > 1 && bytes >= options.parallelFromBytes();
  }

  /**
   * Requests a range of the version that is fetched. The source compares the version; this method
   * also checks that the answer has the same length and is a range.
   */
  SourceBody reopen(ByteRange range) throws SourceException, InterruptedException {
    requests.incrementAndGet();
    SourceBody body = source.open(range, validator);
    boolean accepted = false;
    try {
      requireSame(range, body.head());
      accepted = true;
      return body;
    } finally {
      if (!accepted) {
        body.close();
      }
    }
  }

  private void requireSame(ByteRange range, SourceHead head) throws SourceException {
    requireLength(length, head);
    if (head.validator().isPresent() && !head.validator().equals(validator)) {
      throw new SourceException(
          Kind.CHANGED,
          source.describe() + " has another version now than at the start of the fetch");
    }
    boolean toTheEnd = length.isPresent() && range.end() >= length.getAsLong();
    if (!head.acceptsRanges() && !(range.offset() == 0 && toTheEnd)) {
      throw new SourceException(Kind.RANGE_REFUSED, source.describe() + " no longer serves ranges");
    }
  }

  /** Requires that the source still announces the same length. */
  static void requireLength(OptionalLong expected, SourceHead head) throws SourceException {
    if (expected.isPresent() && !head.length().equals(expected)) {
      throw new SourceException(
          Kind.CHANGED,
          "%s has %s bytes now, no longer %,d"
              .formatted(
                  head.location(),
                  head.length().isPresent()
                      ? "%,d".formatted(head.length().getAsLong())
                      : "an unknown number of",
                  expected.getAsLong()));
    }
  }

  /** Returns the offset of the byte that the reader gets next. */
  long position() {
    return position;
  }

  /** Returns the offset so many bytes before the reader, at least the first offset. */
  long behind(long bytes) {
    return Math.max(offset, position - bytes);
  }

  /** Counts bytes that went to the reader; called by its thread. */
  void deliver(int count) throws SourceException {
    long now = position + count;
    position = now;
    throughput.end(count);
  }

  /** Counts bytes that came from the source. */
  void receive(int count) {
    received.addAndGet(count);
  }

  long received() {
    return received.get();
  }

  /** Counts a failed answer that another request replaces. */
  void breakOff() {
    broken.incrementAndGet();
  }

  FetchReport report() {
    return new FetchReport(requests.get(), received.get(), position - offset, broken.get());
  }
}
