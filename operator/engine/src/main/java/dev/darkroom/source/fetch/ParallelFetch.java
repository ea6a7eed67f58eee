package dev.darkroom.source.fetch;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.darkroom.concurrent.DaemonThreads;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Reads bytes over several connections at once. Each connection has a {@link PartWorker}; this
 * reader gets the parts from the {@link PartWindow} in their order. A worker that is as many parts
 * ahead of the reader as there are connections waits for it. When the process dies, at most one
 * part for each connection has to be fetched again, provided that the reader has stored all bytes
 * that it took but three quarters of a part.
 *
 * <p>A broken part is requested again from its first missing byte. When a source accepts fewer
 * connections than requested, the workers that are left fetch the rest. A permanent failure, such
 * as ranges that are no longer served, goes to the reader. Read by one thread; {@link #close} is
 * thread-safe.
 */
final class ParallelFetch implements RangeReader {

  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(DaemonThreads.named("fetch-part-"));

  private final FetchContext context;
  private final PartWindow window;
  private final long end;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final List<Future<?>> workers = new ArrayList<>();

  /** Covers the bytes from one offset to another; sends no request. */
  ParallelFetch(FetchContext context, long begin, long end) {
    this.context = context;
    this.window = new PartWindow(context, begin, end);
    this.end = end;
  }

  /** Adds so many connections; none after a close. */
  void start(int connections) {
    synchronized (lock) {
      for (int i = 0; i < connections; i++) {
        PartWorker worker = new PartWorker(context, window, end);
        if (window.join(worker)) {
          workers.add(THREADS.submit(worker));
        }
      }
    }
  }

  @Override
  public int read(ByteBuffer into) throws SourceException {
    Optional<ByteBuffer> available = window.awaitBytes();
    if (available.isEmpty()) {
      return -1;
    }
    ByteBuffer bytes = available.get();
    int count = Math.min(bytes.remaining(), into.remaining());
    into.put(bytes.limit(bytes.position() + count));
    window.taken(count);
    return count;
  }

  @Override
  public void close() {
    List<SourceBody> open = window.close();
    synchronized (lock) {
      workers.forEach(worker -> worker.cancel(true));
    }
    open.forEach(SourceBody::close);
  }
}
