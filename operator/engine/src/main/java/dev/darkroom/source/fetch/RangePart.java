package dev.darkroom.source.fetch;

import dev.darkroom.source.ByteRange;
import dev.darkroom.source.SourceBody;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * One of the ranges that are fetched in parallel, and its progress. Changed only under the lock of
 * its {@link PartWindow}. The worker that fetches the part is the only one to add bytes, so it may
 * read {@link #missing} and {@link #room} without the lock.
 */
final class RangePart {

  /** The state of a part. */
  enum State {
    /** No worker fetches it. */
    WAITING,
    /** A worker fetches it. */
    FETCHING,
    /** All bytes are in the buffer. */
    COMPLETE
  }

  private final ByteRange range;
  private final RetryPolicy retryPolicy;

  /** Its own position and limit are not used. */
  private final ByteBuffer buffer;

  private State state = State.WAITING;
  private int filled;
  private int taken;

  private Optional<SourceBody> body = Optional.empty();
  private long openedAt;
  private int filledBefore;
  private int restarts;
  private boolean restarting;
  private long receivedBefore;

  /** The end of the wait that the source asked for. */
  private long silentUntil;

  RangePart(ByteRange range, ByteBuffer buffer, RetryPolicy retryPolicy) {
    this.range = range;
    this.buffer = buffer;
    this.retryPolicy = retryPolicy;
    this.silentUntil = System.nanoTime();
  }

  ByteBuffer buffer() {
    return buffer;
  }

  RetryPolicy retryPolicy() {
    return retryPolicy;
  }

  State state() {
    return state;
  }

  void turn(State next) {
    state = next;
  }

  /** Returns the range that has not come yet; not to be called when the part is full. */
  ByteRange missing() {
    return new ByteRange(range.offset() + filled, range.length() - filled);
  }

  /** Returns the offset behind the part's last byte. */
  long end() {
    return range.end();
  }

  /** Returns the free rest of the buffer. */
  ByteBuffer room() {
    return buffer.duplicate().limit(Math.toIntExact(range.length())).position(filled);
  }

  /** Returns the bytes that the reader has not taken yet. */
  ByteBuffer untaken() {
    return buffer.duplicate().limit(filled).position(taken);
  }

  boolean hasUntaken() {
    return taken < filled;
  }

  boolean isTaken() {
    return state == State.COMPLETE && taken == range.length();
  }

  boolean isFull() {
    return filled == range.length();
  }

  void fill(int count) {
    filled += count;
    retryPolicy.progressed();
  }

  void take(int count) {
    taken += count;
  }

  /** Notes an open body for the missing range. */
  void opened(SourceBody opened) {
    body = Optional.of(opened);
    openedAt = System.nanoTime();
    filledBefore = filled;
  }

  /** Notes that the body is closed. */
  void closed() {
    body = Optional.empty();
  }

  /** Returns the open body, if there is one. */
  Optional<SourceBody> body() {
    return body;
  }

  /** Returns how long the body has been open. */
  long nanosOpen() {
    return System.nanoTime() - openedAt;
  }

  /** Returns the bytes per second since the body was opened. */
  double rate() {
    return (filled - filledBefore) * 1e9 / Math.max(1, nanosOpen());
  }

  int restarts() {
    return restarts;
  }

  /** Counts a restart: the caller closes the body because it is slow. */
  void restart() {
    restarts++;
    restarting = true;
  }

  /** Returns whether the body was closed because it was slow; true once for each restart. */
  boolean wasRestarted() {
    boolean was = restarting;
    restarting = false;
    return was;
  }

  /**
   * Returns whether any part got bytes since the last call.
   *
   * @param received the bytes that all parts have got
   */
  boolean othersProgressed(long received) {
    boolean progressed = received > receivedBefore;
    receivedBefore = received;
    return progressed;
  }

  void silentFor(long nanos) {
    silentUntil = System.nanoTime() + nanos;
  }

  boolean isSilent() {
    return silentUntil - System.nanoTime() > 0;
  }
}
