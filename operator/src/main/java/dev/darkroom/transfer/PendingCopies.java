package dev.darkroom.transfer;

import dev.darkroom.store.Blob;
import dev.darkroom.store.BlobWrite;
import dev.darkroom.store.StoreException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The copies that a transfer writes: unpublished until {@link #publish}, which publishes all or
 * none, and gone with {@link #close} if they are not published by then. Each is written by one
 * thread at a time, by what {@link #open} gives; the rest is for the transfer's own thread.
 */
final class PendingCopies implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PendingCopies.class);

  private record Copy(Target target, BlobWrite write) {}

  /** Whether this transfer published the blob, or found that somebody else had. */
  private record Published(Target target, Blob blob, Author author) {}

  private enum Author {
    US,
    ANOTHER_WRITER
  }

  private final Executor threads;
  private final List<Copy> copies = new ArrayList<>();

  PendingCopies(Executor threads) {
    this.threads = threads;
  }

  /**
   * Begins a copy.
   *
   * @return what appends to it
   */
  Lane.Sink open(Target target) throws RefusedException {
    try {
      BlobWrite write = target.store().open(target.key());
      copies.add(new Copy(target, write));
      return bytes -> append(write, bytes);
    } catch (StoreException | RuntimeException | Error e) {
      throw new RefusedException(Failures.ofStore(target.name(), e));
    }
  }

  /**
   * Publishes every copy, all at the same time. When one can't be published, those that were are
   * deleted again. (A store that fails although it has published, because its answer was lost, is
   * found out by the next attempt's preflight.)
   *
   * @param record what is known of the bytes
   */
  Map<String, Blob> publish(TransferRequest request, CopyRecord record) throws RefusedException {
    Map<String, String> attributes = record.attributes(request);
    List<FutureTask<Published>> commits = new ArrayList<>();
    for (Copy copy : copies) {
      commits.add(new FutureTask<>(() -> commit(copy, attributes, record)));
    }
    start(commits);
    List<Published> published = new ArrayList<>();
    Optional<Failure> failure = Optional.empty();
    for (int i = 0; i < commits.size(); i++) {
      try {
        published.add(join(commits.get(i)));
      } catch (ExecutionException e) {
        Failure found = Failures.ofStore(copies.get(i).target().name(), e.getCause());
        failure = failure.or(() -> Optional.of(found));
      }
    }
    if (failure.isPresent()) {
      published.forEach(PendingCopies::retract);
      throw new RefusedException(failure.get());
    }
    Map<String, Blob> blobs = new LinkedHashMap<>();
    published.forEach(done -> blobs.put(done.target().name(), done.blob()));
    return blobs;
  }

  /** Removes what is not published. */
  @Override
  public void close() {
    for (Copy copy : copies) {
      try {
        copy.write().abort();
      } catch (RuntimeException | Error e) {
        LOG.warn("Store {}: giving up {} failed", copy.target().name(), copy.target().key(), e);
      }
    }
  }

  private static void append(BlobWrite write, ByteBuffer bytes) throws StoreException {
    write.append(bytes);
    if (bytes.hasRemaining()) {
      throw new IllegalStateException("the store took only a part of what it was given");
    }
  }

  private static Published commit(Copy copy, Map<String, String> attributes, CopyRecord record)
      throws StoreException {
    Target target = copy.target();
    if (copy.write().position() != record.facts().size()) {
      throw new StoreException(
          StoreException.Kind.CORRUPT,
          "it wrote %d of %d bytes".formatted(copy.write().position(), record.facts().size()));
    }
    try {
      return new Published(target, copy.write().commit(attributes), Author.US);
    } catch (StoreException e) {
      if (e.kind() != StoreException.Kind.ALREADY_EXISTS) {
        throw e;
      }
      // Another process was at the same request, or the store has lost its own answer to us.
      Blob other = target.store().stat(target.key()).orElseThrow(() -> e);
      if (!CopyRecord.of(other).equals(Optional.of(record))) {
        throw e;
      }
      return new Published(target, other, Author.ANOTHER_WRITER);
    }
  }

  private static void retract(Published published) {
    if (published.author() == Author.ANOTHER_WRITER) {
      return;
    }
    Target target = published.target();
    try {
      boolean unused = target.store().delete(target.key());
    } catch (StoreException | RuntimeException | Error e) {
      LOG.warn(
          "Store {}: {} could not be deleted again; the next attempt will adopt it",
          target.name(),
          target.key(),
          e);
    }
  }

  /** All but the last on other threads, and those too for which there is no other thread. */
  private void start(List<FutureTask<Published>> commits) {
    for (FutureTask<Published> commit : commits) {
      if (commit == commits.get(commits.size() - 1)) {
        commit.run();
      } else {
        try {
          threads.execute(commit);
        } catch (RuntimeException | OutOfMemoryError e) {
          commit.run();
        }
      }
    }
  }

  /** Nobody may interrupt this: until it is over it is not known what is published. */
  private static Published join(FutureTask<Published> commit) throws ExecutionException {
    while (true) {
      try {
        return commit.get();
      } catch (InterruptedException e) {
        LOG.debug("Interrupted while a commit was waited for");
      }
    }
  }
}
