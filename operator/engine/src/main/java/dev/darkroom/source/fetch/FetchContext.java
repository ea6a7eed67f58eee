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
 * What the ways to fetch one source have in common: which version of it is fetched, how far the
 * reader is, and what it took. The version is told once, before other threads come in; the counters
 * may be changed by any thread, the position by the reader's alone.
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

  /** A new one for each stretch or part. */
  RetryPolicy persistence() {
    return new RetryPolicy(options.fruitlessTries(), budget);
  }

  /** Asks for one part. */
  SourceBody firstPart(long from, Optional<String> version)
      throws SourceException, InterruptedException {
    requests.incrementAndGet();
    return source.open(
        new ByteRange(from, Math.min(options.partBytes(), Long.MAX_VALUE - from)), version);
  }

  /** Asks for everything. */
  SourceBody whole() throws SourceException, InterruptedException {
    requests.incrementAndGet();
    return source.open();
  }

  /** Tells which version is fetched from now on, and from where. */
  void begin(Optional<String> version, SourceHead head, long from) {
    this.validator = version;
    this.length = head.length();
    this.provedRanges = head.acceptsRanges();
    this.offset = from;
    this.position = from;
  }

  /** Whether other requests can be made whose answers belong together with the first. */
  boolean isResumable() {
    return validator.isPresent() && length.isPresent();
  }

  /** Whether the first answer spoke of ranges. */
  boolean provedRanges() {
    return provedRanges;
  }

  /** How many bytes the whole has, if that was said. */
  OptionalLong length() {
    return length;
  }

  /** Whether the first part, from an offset on, has all the rest. */
  boolean isWithinFirstPart(long from, OptionalLong total) {
    return total.isPresent() && total.getAsLong() - from <= options.partBytes();
  }

  boolean isWorthParallel(long bytes) {
    return options.connections() > 1 && bytes >= options.parallelFromBytes();
  }

  /**
   * Asks for a range of the version that is fetched. The source answers for the version; that it
   * tells the same length and serves ranges at all is checked here again.
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
          Kind.CHANGED, source.describe() + " has another version now than the one that was begun");
    }
    boolean toTheEnd = length.isPresent() && range.end() >= length.getAsLong();
    if (!head.acceptsRanges() && !(range.offset() == 0 && toTheEnd)) {
      throw new SourceException(Kind.RANGE_REFUSED, source.describe() + " no longer serves ranges");
    }
  }

  /** One version can't have two lengths. */
  static void requireLength(OptionalLong expected, SourceHead head) throws SourceException {
    if (expected.isPresent() && !head.length().equals(expected)) {
      throw new SourceException(
          Kind.CHANGED,
          "%s has %s bytes now, no longer %,d"
              .formatted(
                  head.location(),
                  head.length().isPresent()
                      ? "%,d".formatted(head.length().getAsLong())
                      : "it does not say how many",
                  expected.getAsLong()));
    }
  }

  /** The offset of the byte that the reader gets next. */
  long position() {
    return position;
  }

  /** Where the reader was so many bytes ago, which is not before its beginning. */
  long behind(long bytes) {
    return Math.max(offset, position - bytes);
  }

  /** Bytes went to the reader. */
  void deliver(int count) throws SourceException {
    // Only the reader's thread writes it.
    long now = position + count;
    position = now;
    throughput.end(count);
  }

  /** Bytes came from the source. */
  void receive(int count) {
    received.addAndGet(count);
  }

  long received() {
    return received.get();
  }

  /** An answer failed and another one will be asked for. */
  void breakOff() {
    broken.incrementAndGet();
  }

  FetchReport report() {
    return new FetchReport(requests.get(), received.get(), position - offset, broken.get());
  }
}
