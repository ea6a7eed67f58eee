package dev.darkroom.store.s3;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import dev.darkroom.store.io.IoThreads;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One multipart upload that sends several parts at once, each on a thread of its own. Used by one
 * thread at a time; the threads that send are its own.
 */
final class PartUploads {

  private static final Logger LOG = LoggerFactory.getLogger(PartUploads.class);

  /** How long an abort or a suspension waits for the parts that are being sent. */
  private static final long END_SECONDS = 5;

  private final Uploads uploads;
  private final Uploads.Upload upload;
  private final int limit;

  /** One permit for each part that may be sent at once. */
  private final Semaphore permits;

  @GuardedBy("this")
  private final SortedMap<Integer, Uploads.Sent> sent = new TreeMap<>();

  @GuardedBy("this")
  private final Set<Future<?>> sending = new HashSet<>();

  @GuardedBy("this")
  private Optional<StoreException> failure = Optional.empty();

  @GuardedBy("this")
  private boolean cancelled;

  @GuardedBy("this")
  private int contiguousParts;

  @GuardedBy("this")
  private long contiguousBytes;

  private PartUploads(Uploads uploads, Uploads.Upload upload, int limit) {
    this.uploads = uploads;
    this.upload = upload;
    this.limit = limit;
    this.permits = new Semaphore(limit);
  }

  /** Begins an upload on the server. */
  static PartUploads begin(Uploads uploads, String object, int limit) throws StoreException {
    return new PartUploads(uploads, uploads.begin(object), limit);
  }

  /** Resumes an upload that has these parts, by their numbers. */
  static PartUploads resume(
      Uploads uploads, Uploads.Upload upload, SortedMap<Integer, Uploads.Sent> parts, int limit) {
    PartUploads resumed = new PartUploads(uploads, upload, limit);
    parts.forEach(resumed::arrived);
    return resumed;
  }

  /** Makes one part on the server. */
  private interface Sender {
    Uploads.Sent send() throws StoreException;
  }

  /**
   * Sends a part on another thread and releases it afterwards, in case of an error too. Waits while
   * too many parts are being sent.
   *
   * @throws StoreException the failure of an earlier part
   */
  void send(int number, UploadPart part) throws StoreException, InterruptedException {
    try {
      takePermit();
    } catch (StoreException | InterruptedException e) {
      part.release();
      throw e;
    }
    start(number, () -> uploads.send(upload, number, part), part::release);
  }

  /** As {@link #send}, for a part that the server copies from an object. */
  void copy(int number, Uploads.Piece piece) throws StoreException, InterruptedException {
    takePermit();
    start(number, () -> uploads.copy(upload, number, piece), () -> {});
  }

  private void takePermit() throws StoreException, InterruptedException {
    permits.acquire();
    try {
      throwIfFailed();
    } catch (StoreException e) {
      permits.release();
      throw e;
    }
  }

  private void start(int number, Sender sender, Runnable afterwards) {
    // A cancelled task does not run, so what must follow in any case is outside of it.
    FutureTask<Void> task = new FutureTask<>(() -> sendNow(number, sender), null);
    add(task);
    IoThreads.executor()
        .execute(
            () -> {
              try {
                task.run();
              } finally {
                remove(task);
                afterwards.run();
                permits.release();
              }
            });
  }

  private void sendNow(int number, Sender sender) {
    if (!isUsable()) {
      return;
    }
    try {
      arrived(number, sender.send());
    } catch (StoreException e) {
      fail(e);
    } catch (RuntimeException | Error e) {
      fail(new StoreException(Kind.UNAVAILABLE, "can't send a part: " + e, e));
    }
  }

  private synchronized void arrived(int number, Uploads.Sent part) {
    sent.put(number, part);
    while (sent.containsKey(contiguousParts + 1)) {
      contiguousParts++;
      contiguousBytes += sent.get(contiguousParts).bytes();
    }
  }

  private synchronized void add(Future<?> task) {
    sending.add(task);
  }

  private synchronized void remove(Future<?> task) {
    sending.remove(task);
  }

  private synchronized boolean isUsable() {
    return !cancelled && failure.isEmpty();
  }

  private synchronized void fail(StoreException e) {
    failure = failure.or(() -> Optional.of(e));
  }

  /** Throws the failure of the first part that could not be sent. */
  synchronized void throwIfFailed() throws StoreException {
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  /** Returns how many bytes have arrived without a gap before them. */
  synchronized long contiguousBytes() {
    return contiguousBytes;
  }

  /** Waits until all parts have arrived. */
  void await() throws StoreException, InterruptedException {
    permits.acquire(limit);
    permits.release(limit);
    throwIfFailed();
  }

  /** Completes the upload: the parts become an object. */
  void complete() throws StoreException {
    List<Uploads.Sent> parts;
    synchronized (this) {
      parts = List.copyOf(sent.values());
    }
    uploads.complete(upload, parts);
  }

  /** Waits up to 5 s for the parts that are being sent, and leaves the upload as it is then. */
  void suspend() throws InterruptedException {
    if (!permits.tryAcquire(limit, END_SECONDS, TimeUnit.SECONDS)) {
      cancel();
    }
  }

  /**
   * Aborts the upload. A part that arrives afterwards may stay on the server. So when parts are
   * still being sent after 5 s, the upload is aborted again behind the last of them, on another
   * thread.
   */
  void abort() throws StoreException, InterruptedException {
    cancel();
    boolean ended = permits.tryAcquire(limit, END_SECONDS, TimeUnit.SECONDS);
    uploads.abort(upload);
    if (!ended) {
      IoThreads.executor().execute(this::abortBehindLastPart);
    }
  }

  private synchronized void cancel() {
    cancelled = true;
    sending.forEach(task -> task.cancel(true));
  }

  private void abortBehindLastPart() {
    permits.acquireUninterruptibly(limit);
    try {
      uploads.abort(upload);
    } catch (StoreException e) {
      LOG.warn("The upload of {} is left to a sweep", upload.object(), e);
    }
  }
}
