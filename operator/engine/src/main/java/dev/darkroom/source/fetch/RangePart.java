package dev.darkroom.source.fetch;

import dev.darkroom.source.ByteRange;
import dev.darkroom.source.SourceBody;
import java.nio.ByteBuffer;

/**
 * One of the ranges that are fetched at once, and how far it is. Guarded by {@link ParallelFetch}.
 */
final class RangePart {

  /** What happens to a part. */
  enum State {
    /** A connection is to be found for it. */
    WAITING,
    /** A thread fetches it. */
    FETCHING,
    /** All of it is in the buffer. */
    COMPLETE
  }

  private final ByteRange range;
  private final RetryPolicy persistence;

  /** Its own position is of no meaning. */
  private final ByteBuffer buffer;

  private State state = State.WAITING;
  private int filled;
  private int taken;

  /** Null unless one is open. */
  private SourceBody body;

  private long openedAt;
  private int filledBefore;
  private int restarts;
  private boolean restarting;
  private long receivedBefore;

  /** Until when the source asked to be left alone. */
  private long silentUntil;

  RangePart(ByteRange range, ByteBuffer buffer, RetryPolicy persistence) {
    this.range = range;
    this.buffer = buffer;
    this.persistence = persistence;
    this.silentUntil = System.nanoTime();
  }

  ByteBuffer buffer() {
    return buffer;
  }

  RetryPolicy persistence() {
    return persistence;
  }

  State state() {
    return state;
  }

  void turn(State next) {
    state = next;
  }

  /** What is not there yet; not to be asked for when all is. */
  ByteRange missing() {
    return new ByteRange(range.offset() + filled, range.length() - filled);
  }

  /** The part of the buffer that has no bytes yet. */
  ByteBuffer room() {
    return buffer.duplicate().limit(Math.toIntExact(range.length())).position(filled);
  }

  /** Bytes that are there and that the reader has not got. */
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
    persistence.progressed();
  }

  void take(int count) {
    taken += count;
  }

  /** A body for what is missing is there. */
  void opened(SourceBody opened) {
    body = opened;
    openedAt = System.nanoTime();
    filledBefore = filled;
  }

  void closed() {
    body = null;
  }

  /** Null unless one is open. */
  SourceBody body() {
    return body;
  }

  /** How long the body has been open. */
  long nanosOpen() {
    return System.nanoTime() - openedAt;
  }

  /** Bytes in a second since the body was opened. */
  double rate() {
    return (filled - filledBefore) * 1e9 / Math.max(1, nanosOpen());
  }

  int restarts() {
    return restarts;
  }

  /** Its body is going to be closed because it is slow. */
  void restart() {
    restarts++;
    restarting = true;
  }

  /** Whether its body was closed because it was slow; only once. */
  boolean wasRestarted() {
    boolean was = restarting;
    restarting = false;
    return was;
  }

  /** Whether any part got bytes since this was asked last. */
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
