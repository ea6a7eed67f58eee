package dev.darkroom.transfer.resume;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.darkroom.concurrent.DaemonThreads;
import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobStore;
import dev.darkroom.store.filesystem.FilesystemStore;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory that outlives the process: {@code journals} has one file for each transfer, {@code
 * bytes} is a store for delivered bytes that no target lets be read back. A lock on the file {@code
 * lock} excludes a second process; the kernel releases it at the end of the process. Thread-safe.
 */
public final class StagingDirectory implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(StagingDirectory.class);
  private static final String SUFFIX = ".jsonl";
  private static final int NAME_DIGITS = 40;

  private final Path journals;
  private final FileChannel lock;
  private final BlobStore store;
  private final ExecutorService syncThread =
      Executors.newSingleThreadExecutor(DaemonThreads.named("journal-sync-"));

  private StagingDirectory(Path journals, FileChannel lock, BlobStore store) {
    this.journals = journals;
    this.lock = lock;
    this.store = store;
  }

  /**
   * Locks the directory, and removes staged bytes without a journal.
   *
   * @param directory an existing one; it is not created, because that would hide an unmounted
   *     volume
   * @return empty when another process has the lock
   * @throws IOException when the directory can't be used
   */
  public static Optional<StagingDirectory> open(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    Optional<StagingDirectory> opened = Optional.empty();
    try {
      if (!isLockedElsewhere(channel)) {
        Path journals = Files.createDirectories(directory.resolve("journals"));
        Path bytes = Files.createDirectories(directory.resolve("bytes"));
        StagingDirectory staging =
            new StagingDirectory(journals, channel, FilesystemStore.open(bytes));
        staging.sweep(directory);
        opened = Optional.of(staging);
      }
      return opened;
    } finally {
      if (opened.isEmpty()) {
        channel.close();
      }
    }
  }

  private void sweep(Path directory) throws IOException {
    if (hasLaterVersions(journals)) {
      LOG.warn("A later release has left journals in {}; all staged bytes are kept", directory);
      return;
    }
    int swept = store.sweep(tokens(all(), JournalWrite.Role.STAGING));
    LOG.info("Staging in {}; removed {} orphaned writes", directory, swept);
  }

  /**
   * The tokens of the writes in a store that the journals of the directory lead to; also while
   * another process has the lock.
   *
   * @throws IOException when the journals can't be read, or one is of a later release; then the
   *     store must not be swept
   */
  public static Set<String> tokens(Path directory, String storeName) throws IOException {
    if (hasLaterVersions(directory.resolve("journals"))) {
      throw new IOException("a later release has left journals in " + directory);
    }
    return all(directory.resolve("journals")).stream()
        .flatMap(contents -> contents.writes().stream())
        .filter(write -> write.role() == JournalWrite.Role.TARGET)
        .filter(write -> write.store().equals(storeName))
        .map(JournalWrite::token)
        .collect(Collectors.toSet());
  }

  /** Reads the journal of a transfer; empty when there is none that can be read. */
  public Optional<JournalContents> find(String id) throws IOException {
    return read(path(id)).filter(contents -> contents.id().equals(id));
  }

  /** Reads all journals that can be read. */
  public List<JournalContents> all() throws IOException {
    return all(journals);
  }

  /** Begins the journal of a transfer; replaces an earlier one. */
  public Journal begin(JournalContents contents) throws IOException {
    return Journal.begin(path(contents.id()), contents, syncThread);
  }

  /** Removes the journal of a transfer, if there is one; not its writes. */
  public void remove(String id) throws IOException {
    boolean unused = Files.deleteIfExists(path(id));
  }

  /**
   * Removes the journals of all other transfers, also those that can't be read; not their writes.
   * The journals of these transfers stay, also those that only a later release can read, because it
   * may be installed again.
   *
   * @return the contents of the removed journals
   */
  public List<JournalContents> retain(Set<String> ids) throws IOException {
    Set<Path> kept = ids.stream().map(this::path).collect(Collectors.toSet());
    List<JournalContents> removed = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(journals)) {
      for (Path file : files) {
        Optional<JournalContents> contents = read(file);
        boolean retained = contents.filter(found -> ids.contains(found.id())).isPresent();
        if (!retained && !(kept.contains(file) && JournalFormat.isOfLaterVersion(file))) {
          contents.ifPresent(removed::add);
          boolean unused = Files.deleteIfExists(file);
        }
      }
    }
    return removed;
  }

  /** Whether there are journals of a later release, so that not all writes are known. */
  public boolean hasLaterVersions() throws IOException {
    return hasLaterVersions(journals);
  }

  private static boolean hasLaterVersions(Path journals) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(journals, "*" + SUFFIX)) {
      for (Path file : files) {
        if (JournalFormat.isOfLaterVersion(file)) {
          return true;
        }
      }
    } catch (NoSuchFileException e) {
      LOG.debug("There is no directory of journals", e);
    }
    return false;
  }

  /** The key of a transfer's bytes in {@link #store}. */
  public static BlobKey key(String id) {
    return BlobKey.of(name(id));
  }

  /** The store for delivered bytes. No blob is published there. */
  public BlobStore store() {
    return store;
  }

  /** Unlocks the directory. */
  @Override
  public void close() {
    syncThread.shutdown();
    try (lock) {
      store.close();
    } catch (IOException e) {
      LOG.warn("The staging directory could not be unlocked", e);
    }
  }

  private Path path(String id) {
    return journals.resolve(name(id) + SUFFIX);
  }

  /** A file name for any id. */
  private static String name(String id) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(id.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, NAME_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the Java runtime lacks SHA-256", e);
    }
  }

  private static List<JournalContents> all(Path journals) throws IOException {
    List<JournalContents> all = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(journals, "*" + SUFFIX)) {
      for (Path file : files) {
        read(file).ifPresent(all::add);
      }
    } catch (NoSuchFileException e) {
      LOG.debug("There is no directory of journals", e);
    }
    return all;
  }

  /** Reads a journal; empty also when it was removed meanwhile. */
  private static Optional<JournalContents> read(Path file) throws IOException {
    try {
      return JournalFormat.read(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static Set<String> tokens(List<JournalContents> all, JournalWrite.Role role) {
    return all.stream()
        .flatMap(contents -> contents.writes().stream())
        .filter(write -> write.role() == role)
        .map(JournalWrite::token)
        .collect(Collectors.toSet());
  }

  private static boolean isLockedElsewhere(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() == null;
    } catch (OverlappingFileLockException e) {
      return true;
    }
  }
}
