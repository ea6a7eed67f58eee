package dev.darkroom.store.s3;

import dev.darkroom.store.BlobKey;
import dev.darkroom.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the leftovers of unfinished writes from the bucket: multipart uploads, and objects with
 * bytes that no record names. Looks only below the store's prefix at names of the {@link Layout}.
 * Spares
 *
 * <ul>
 *   <li>the open writes of all stores of this process;
 *   <li>writes to resume later;
 *   <li>the writes of another instance, until they have not changed for the time after which they
 *       count as abandoned, by the server's clock. The name has the instance. A write of this
 *       instance that is not open belongs to an earlier process of the same name.
 * </ul>
 */
final class Leftovers {

  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

  private final Bucket bucket;
  private final Layout layout;
  private final Records records;
  private final Duration abandonedAfter;
  private final Set<String> kept;

  /**
   * Prepares a sweep.
   *
   * @param kept objects of writes to resume later
   */
  Leftovers(
      Bucket bucket, Layout layout, Records records, Duration abandonedAfter, Set<String> kept) {
    this.bucket = bucket;
    this.layout = layout;
    this.records = records;
    this.abandonedAfter = abandonedAfter;
    this.kept = kept;
  }

  /** Removes the leftovers; returns how many. */
  int sweep() throws StoreException {
    ObjectListing objects = new ObjectListing(bucket, layout.prefix());
    int removed = sweepObjects(objects);
    return removed + sweepUploads(objects.serverTime());
  }

  private int sweepUploads(Instant now) throws StoreException {
    int removed = 0;
    Uploads uploads = bucket.uploads();
    for (Uploads.Found found : uploads.find(layout.prefix())) {
      Optional<Layout.Attempt> attempt = layout.attempt(found.upload().object());
      if (attempt.isPresent() && isAbandoned(attempt.get(), uploads, found, now)) {
        LOG.info("Aborting the unfinished upload of {}", found.upload().object());
        uploads.abort(found.upload());
        removed++;
      }
    }
    return removed;
  }

  private boolean isAbandoned(
      Layout.Attempt attempt, Uploads uploads, Uploads.Found found, Instant now)
      throws StoreException {
    if (isNeeded(attempt)) {
      return false;
    }
    return isOfThisInstance(attempt)
        || (isOld(found.initiated().orElse(Instant.EPOCH), now)
            && lastActivity(found, uploads).filter(latest -> isOld(latest, now)).isPresent());
  }

  private boolean isNeeded(Layout.Attempt attempt) {
    return OpenAttempts.contains(attempt) || kept.contains(attempt.object());
  }

  /** Returns the time of the last change of an upload: its start or its newest part. */
  private static Optional<Instant> lastActivity(Uploads.Found found, Uploads uploads)
      throws StoreException {
    return Stream.concat(
            found.initiated().stream(),
            uploads.parts(found.upload()).stream().flatMap(part -> part.modified().stream()))
        .max(Instant::compareTo);
  }

  private int sweepObjects(ObjectListing objects) throws StoreException {
    int removed = 0;
    Directory directory = new Directory("");
    for (Optional<ObjectListing.Found> next = objects.next();
        next.isPresent();
        next = objects.next()) {
      String name = next.get().name();
      String parent = name.substring(0, name.lastIndexOf('/') + 1);
      if (!parent.equals(directory.name)) {
        removed += directory.sweep();
        directory = new Directory(parent);
      }
      directory.add(next.get(), objects.serverTime());
    }
    return removed + directory.sweep();
  }

  /**
   * Objects of one directory that are adjacent in the list; a directory may come in several runs.
   */
  private final class Directory {

    private final String name;
    private final List<Layout.Attempt> abandoned = new ArrayList<>();
    private Optional<BlobKey> key = Optional.empty();
    private int dataObjects;

    Directory(String name) {
      this.name = name;
    }

    void add(ObjectListing.Found object, Instant now) {
      key = key.or(() -> layout.keyOfRecord(object.name()));
      Optional<Layout.Attempt> attempt = layout.attempt(object.name());
      if (attempt.isEmpty()) {
        return;
      }
      if (attempt.get().isData()) {
        dataObjects++;
      }
      if (!isNeeded(attempt.get())
          && (isOfThisInstance(attempt.get()) || isOld(object.modified(), now))) {
        abandoned.add(attempt.get());
      }
    }

    int sweep() throws StoreException {
      if (key.isPresent() && dataObjects == 1) {
        // The usual case: one record and its bytes.
        abandoned.removeIf(Layout.Attempt::isData);
      }
      if (abandoned.isEmpty()) {
        return 0;
      }
      Optional<String> inUse = Optional.empty();
      if (abandoned.stream().anyMatch(Layout.Attempt::isData)) {
        try {
          // Read after the list: an attempt that has ended since then has written its record.
          inUse = records.find(layout.keyOf(name)).map(ObjectBlobRecord::data);
        } catch (StoreException e) {
          LOG.warn("The sweep skips {}", name, e);
          return 0;
        }
      }
      int removed = 0;
      for (Layout.Attempt attempt : abandoned) {
        if (!inUse.equals(Optional.of(attempt.name()))) {
          LOG.info("Removing {}, which belongs to no blob", attempt.object());
          bucket.delete(attempt.object());
          removed++;
        }
      }
      return removed;
    }
  }

  private boolean isOfThisInstance(Layout.Attempt attempt) {
    return attempt.instance().equals(layout.instance());
  }

  private boolean isOld(Instant modified, Instant now) {
    return modified.isBefore(now.minus(abandonedAfter));
  }
}
