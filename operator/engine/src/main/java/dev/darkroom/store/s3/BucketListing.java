package dev.darkroom.store.s3;

import dev.darkroom.store.Blob;
import dev.darkroom.store.BlobKey;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import dev.darkroom.store.io.IoThreads;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists the blobs of a store in key order; reads some records ahead.
 *
 * <p>The server lists {@code a-b/disk.json} before {@code a/disk.json}, since {@code -} and {@code
 * .} come before {@code /}, but {@code a} is the smaller key. So a key is held back until the list
 * has passed the record of the shortest key that could still come before it. Memory holds only
 * names of blobs that are equal up to their first {@code -} or {@code .}.
 */
final class BucketListing extends Spliterators.AbstractSpliterator<Blob> {

  private static final Logger LOG = LoggerFactory.getLogger(BucketListing.class);
  private static final int AHEAD = 8;

  private final Records records;
  private final Layout layout;
  private final String prefix;
  private final ObjectListing objects;
  private final PriorityQueue<BlobKey> held = new PriorityQueue<>();
  private final Deque<Future<Optional<Blob>>> ahead = new ArrayDeque<>();
  private Optional<String> passed = Optional.of("");

  private BucketListing(Bucket bucket, Layout layout, Records records, String prefix) {
    super(Long.MAX_VALUE, Spliterator.DISTINCT | Spliterator.ORDERED | Spliterator.NONNULL);
    this.records = records;
    this.layout = layout;
    this.prefix = prefix;
    this.objects = new ObjectListing(bucket, layout.prefix() + prefix);
  }

  static Stream<Blob> of(Bucket bucket, Layout layout, Records records, String prefix) {
    return StreamSupport.stream(new BucketListing(bucket, layout, records, prefix), false);
  }

  /** Returns whether a key can start with the prefix. */
  static boolean mayBeginKey(String prefix) {
    return prefix.isEmpty() || BlobKey.isValid(prefix) || BlobKey.isValid(prefix + "0");
  }

  @Override
  public boolean tryAdvance(Consumer<? super Blob> action) {
    try {
      while (true) {
        readAhead();
        if (ahead.isEmpty()) {
          return false;
        }
        Optional<Blob> blob = S3Threads.await(ahead.remove());
        if (blob.isPresent()) {
          action.accept(blob.get());
          return true;
        }
      }
    } catch (StoreException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void readAhead() throws StoreException {
    while (ahead.size() < AHEAD) {
      Optional<BlobKey> key = nextKey();
      if (key.isEmpty()) {
        return;
      }
      ahead.add(IoThreads.start(() -> read(key.get())));
    }
  }

  private Optional<Blob> read(BlobKey key) throws StoreException {
    try {
      return records.find(key).map(ObjectBlobRecord::toBlob);
    } catch (StoreException e) {
      if (e.kind() != Kind.CORRUPT) {
        throw e;
      }
      LOG.warn("Omitted from the list: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<BlobKey> nextKey() throws StoreException {
    while (passed.isPresent()) {
      if (!held.isEmpty() && isNext(held.peek(), passed.get())) {
        return Optional.of(held.remove());
      }
      passed = S3Threads.finish(objects::next).map(ObjectListing.Found::name);
      passed
          .flatMap(layout::keyOfRecord)
          .filter(key -> key.value().startsWith(prefix))
          .ifPresent(held::add);
    }
    return Optional.ofNullable(held.poll());
  }

  /** Returns whether no smaller key can follow an object of the list. */
  private boolean isNext(BlobKey key, String object) {
    for (int i = 0; i < key.value().length(); i++) {
      char c = key.value().charAt(i);
      if (c == '-' || c == '.') {
        BlobKey shorter = new BlobKey(key.value().substring(0, i));
        return layout.record(shorter).compareTo(object) <= 0;
      }
    }
    return true;
  }
}
