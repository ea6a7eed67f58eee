package dev.darkroom.store.s3;

import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import dev.darkroom.store.io.IoThreads;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One multipart upload with several parts on their way at the same time, each on its thread. */
final class PartUploads {

  private static final Logger LOG = LoggerFactory.getLogger(PartUploads.class);
  private static final long STRAGGLER_SECONDS = 5;

  private final Uploads uploads;
  private final Uploads.Upload upload;
  private final int limit;
  private final Semaphore turns;

  // Under the lock of this object.
  private final SortedMap<Integer, Uploads.Sent> sent = new TreeMap<>();
  private final Set<Thread> senders = new HashSet<>();
  private Optional<StoreException> failure = Optional.empty();
  private boolean abandoned;
  private int contiguousParts;
  private long contiguousBytes;

  private PartUploads(Uploads uploads, Uploads.Upload upload, int limit) {
    this.uploads = uploads;
    this.upload = upload;
    this.limit = limit;
    this.turns = new Semaphore(limit);
  }

  /** Begins an upload. */
  static PartUploads begin(Uploads uploads, String object, int limit) throws StoreException {
    return new PartUploads(uploads, uploads.begin(object), limit);
  }

  /** Goes on with an upload that has these parts, by their numbers. */
  static PartUploads resume(
      Uploads uploads, Uploads.Upload upload, SortedMap<Integer, Uploads.Sent> parts, int limit) {
    PartUploads resumed = new PartUploads(uploads, upload, limit);
    parts.forEach(resumed::arrived);
    return resumed;
  }

  /** Has a part made on the server. */
  interface Sender {
    /** Does it. */
    Uploads.Sent send() throws StoreException;
  }

  /**
   * Sends a part, which is released in any case; waits while too many are on their way.
   *
   * @throws StoreException when an earlier part could not be sent
   */
  void send(int number, UploadPart part) throws StoreException, InterruptedException {
    try {
      takeTurn();
    } catch (StoreException | InterruptedException e) {
      part.release();
      throw e;
    }
    start(number, () -> uploads.send(upload, number, part), part::release);
  }

  /** As {@link #send}, for a part that the server makes of what it has. */
  void copy(int number, Uploads.Piece piece) throws StoreException, InterruptedException {
    takeTurn();
    start(number, () -> uploads.copy(upload, number, piece), () -> {});
  }

  private void takeTurn() throws StoreException, InterruptedException {
    turns.acquire();
    try {
      throwIfFailed();
    } catch (StoreException e) {
      turns.release();
      throw e;
    }
  }

  private void start(int number, Sender sender, Runnable afterwards) {
    IoThreads.executor()
        .execute(
            () -> {
              try {
                sendNow(number, sender);
              } finally {
                afterwards.run();
                turns.release();
              }
            });
  }

  private void sendNow(int number, Sender sender) {
    try {
      if (enter()) {
        arrived(number, sender.send());
      }
    } catch (StoreException e) {
      fail(e);
    } catch (RuntimeException | Error e) {
      fail(new StoreException(Kind.UNAVAILABLE, "can't send a part: " + e, e));
    } finally {
      leave();
    }
  }

  private synchronized void arrived(int number, Uploads.Sent part) {
    sent.put(number, part);
    while (sent.containsKey(contiguousParts + 1)) {
      contiguousParts++;
      contiguousBytes += sent.get(contiguousParts).bytes();
    }
  }

  private synchronized boolean enter() {
    senders.add(Thread.currentThread());
    return !abandoned && failure.isEmpty();
  }

  private synchronized void leave() {
    senders.remove(Thread.currentThread());
    // The interrupt of an abort came under this lock and is not meant for the thread's next work.
    boolean unused = Thread.interrupted();
  }

  private synchronized void fail(StoreException e) {
    failure = failure.or(() -> Optional.of(e));
  }

  synchronized void throwIfFailed() throws StoreException {
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  /** How many bytes from the first on have arrived without a gap. */
  synchronized long contiguousBytes() {
    return contiguousBytes;
  }

  /** Waits until all parts have arrived. */
  void await() throws StoreException, InterruptedException {
    turns.acquire(limit);
    turns.release(limit);
    throwIfFailed();
  }

  /** Makes the parts an object. */
  void complete() throws StoreException {
    uploads.complete(upload, sent.values());
  }

  /** Waits a while for the parts that are on their way, and leaves the upload as it is then. */
  void suspend() throws InterruptedException {
    if (!turns.tryAcquire(limit, STRAGGLER_SECONDS, TimeUnit.SECONDS)) {
      abandon();
    }
  }

  /**
   * Gives the upload up. A part that arrives after that may stay on the server, so it is given up
   * once more when the last has ended, on that one's thread.
   */
  void abort() throws StoreException, InterruptedException {
    abandon();
    boolean ended = turns.tryAcquire(limit, STRAGGLER_SECONDS, TimeUnit.SECONDS);
    uploads.abort(upload);
    if (!ended) {
      IoThreads.executor().execute(this::abortWhenAllHaveEnded);
    }
  }

  private synchronized void abandon() {
    abandoned = true;
    senders.forEach(Thread::interrupt);
  }

  private void abortWhenAllHaveEnded() {
    turns.acquireUninterruptibly(limit);
    try {
      uploads.abort(upload);
    } catch (StoreException e) {
      LOG.warn("the upload of {} is left for a sweep", upload.object(), e);
    }
  }
}
