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
 * What unfinished writes left in the bucket: multipart uploads, and objects with bytes that no
 * record names. Only what lies below the store's prefix and has a name as {@link Layout} gives them
 * is looked at. Of those are spared
 *
 * <ul>
 *   <li>what this process has open, through whichever store;
 *   <li>what is to be resumed;
 *   <li>what another instance began, until nothing has happened to it for the time after which it
 *       counts as abandoned, by the server's clock. The instance is part of the name. What bears
 *       this instance's name and is not open was left by the process that had the name before.
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
   * Looks for leftovers.
   *
   * @param kept objects of writes that are to be resumed
   */
  Leftovers(
      Bucket bucket, Layout layout, Records records, Duration abandonedAfter, Set<String> kept) {
    this.bucket = bucket;
    this.layout = layout;
    this.records = records;
    this.abandonedAfter = abandonedAfter;
    this.kept = kept;
  }

  /** Removes them; returns how many. */
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
        LOG.info("giving up the unfinished upload of {}", found.upload().object());
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

  /** When something last happened to an upload: its begin or its newest part. */
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

  /** What stands together in the list; part of a directory when others lie between. */
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
        // A blob as it should be.
        abandoned.removeIf(Layout.Attempt::isData);
      }
      if (abandoned.isEmpty()) {
        return 0;
      }
      Optional<String> inUse = Optional.empty();
      if (abandoned.stream().anyMatch(Layout.Attempt::isData)) {
        try {
          // Read only now: whoever has closed an attempt since the list has written its record.
          inUse = records.find(layout.keyOf(name)).map(ObjectBlobRecord::data);
        } catch (StoreException e) {
          LOG.warn("nothing is swept from {}", name, e);
          return 0;
        }
      }
      int removed = 0;
      for (Layout.Attempt attempt : abandoned) {
        if (!inUse.equals(Optional.of(attempt.name()))) {
          LOG.info("removing {}, which belongs to no blob", attempt.object());
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
