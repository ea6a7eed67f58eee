package dev.darkroom.store.filesystem;

import dev.darkroom.store.Blob;
import dev.darkroom.store.BlobKey;
import dev.darkroom.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists the blobs below a root in key order. Reads a directory when the stream comes to it; keeps
 * in memory the names in the directories on the current path, and no directory open between two
 * elements. Skips entries whose name is not valid in a key, and symbolic links.
 */
final class DirectoryListing extends Spliterators.AbstractSpliterator<Blob> {

  private static final Logger LOG = LoggerFactory.getLogger(DirectoryListing.class);

  /**
   * An entry of a directory on the current path.
   *
   * @param key its path from the root: the blob's key, if it is a blob
   * @param order the sort key: a directory's name ends with a slash, as in the keys below it
   */
  private record Entry(Path directory, BlobKey key, boolean isBlob, String order) {

    static Entry of(Path directory, BlobKey key) {
      boolean isBlob = FileBlobRecord.isBlob(directory);
      return new Entry(directory, key, isBlob, isBlob ? key.value() : key.value() + "/");
    }
  }

  private final StoreRoot root;
  private final String prefix;
  private final Deque<Iterator<Entry>> open = new ArrayDeque<>();
  private boolean started;

  private DirectoryListing(StoreRoot root, String prefix) {
    super(Long.MAX_VALUE, Spliterator.DISTINCT | Spliterator.ORDERED | Spliterator.NONNULL);
    this.root = root;
    this.prefix = prefix;
  }

  static Stream<Blob> of(StoreRoot root, String prefix) {
    return StreamSupport.stream(new DirectoryListing(root, prefix), false);
  }

  @Override
  public boolean tryAdvance(Consumer<? super Blob> action) {
    try {
      if (!started) {
        started = true;
        open.push(entries(root.path(), "").iterator());
      }
      return advance(action);
    } catch (IOException e) {
      throw new UncheckedIOException(root.failure("list the blobs", e));
    }
  }

  private boolean advance(Consumer<? super Blob> action) throws IOException {
    while (!open.isEmpty()) {
      if (!open.peek().hasNext()) {
        open.pop();
        continue;
      }
      Entry entry = open.peek().next();
      if (!entry.isBlob()) {
        open.push(entries(entry.directory(), entry.order()).iterator());
      } else if (pass(entry, action)) {
        return true;
      }
    }
    return false;
  }

  private static boolean pass(Entry entry, Consumer<? super Blob> action) throws IOException {
    Blob blob;
    try {
      blob = FileBlobRecord.read(entry.directory(), entry.key());
    } catch (NoSuchFileException e) {
      return false;
    } catch (StoreException e) {
      LOG.warn("Omitted from the list: {}", e.getMessage());
      return false;
    }
    action.accept(blob);
    return true;
  }

  private List<Entry> entries(Path directory, String above) throws IOException {
    root.requirePresent();
    List<Entry> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      for (Path path : stream) {
        String value = above + path.getFileName();
        if (BlobKey.isValid(value)
            && mayHoldPrefix(value)
            && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
          entries.add(Entry.of(path, new BlobKey(value)));
        }
      }
    } catch (NoSuchFileException e) {
      // Deleted after its name was read.
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    entries.removeIf(entry -> entry.isBlob() && !entry.key().value().startsWith(prefix));
    entries.sort(Comparator.comparing(Entry::order));
    return entries;
  }

  private boolean mayHoldPrefix(String value) {
    return value.startsWith(prefix) || prefix.startsWith(value + "/");
  }
}
