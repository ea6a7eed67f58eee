package dev.darkroom.transfer.resume;

import static java.nio.charset.StandardCharsets.UTF_8;

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
 * A directory that outlives the process: {@code journals} holds one file for each import, {@code
 * bytes} is a store for what has been delivered and is in no other store that it could be read back
 * from. A lock on the file {@code lock} keeps a second process out, until the first has ended; its
 * kernel drops it with the process. Safe for use by many threads.
 */
public final class StagingDirectory implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(StagingDirectory.class);
  private static final String SUFFIX = ".jsonl";
  private static final int NAME_DIGITS = 40;

  private final Path journals;
  private final FileChannel lock;
  private final BlobStore store;
  private final ExecutorService syncThread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "journal-sync");
            thread.setDaemon(true);
            return thread;
          });

  private StagingDirectory(Path journals, FileChannel lock, BlobStore store) {
    this.journals = journals;
    this.lock = lock;
    this.store = store;
  }

  /**
   * Takes the directory, and removes what nothing there leads to.
   *
   * @param directory one that is there already; it is not created, so that an unmounted volume does
   *     not turn into a directory on the disk beneath
   * @return empty when another process has it
   * @throws IOException when it can't be used
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
    if (hasLaterOnes(journals)) {
      LOG.warn("A later release has left journals in {}; what they lead to is kept", directory);
      return;
    }
    int swept = store.sweep(tokens(all(), JournalWrite.Role.STAGING));
    LOG.info("Staging in {}; removed {} leftovers", directory, swept);
  }

  /**
   * The tokens of the writes in a store that journals in the directory lead to, whoever has it
   * open.
   *
   * @throws IOException when it can't be told, so that nothing must be swept; so it is as long as a
   *     later release's journals are there
   */
  public static Set<String> tokens(Path directory, String storeName) throws IOException {
    if (hasLaterOnes(directory.resolve("journals"))) {
      throw new IOException("a later release has left journals in " + directory);
    }
    return all(directory.resolve("journals")).stream()
        .flatMap(contents -> contents.writes().stream())
        .filter(write -> write.role() == JournalWrite.Role.TARGET)
        .filter(write -> write.store().equals(storeName))
        .map(JournalWrite::token)
        .collect(Collectors.toSet());
  }

  /** What the journal of an import says; empty when there is none that can be read. */
  public Optional<JournalContents> find(String id) throws IOException {
    return read(path(id)).filter(contents -> contents.id().equals(id));
  }

  /** What every journal says that can be read. */
  public List<JournalContents> all() throws IOException {
    return all(journals);
  }

  /** Begins the journal of an import, in the place of the one there was. */
  public Journal begin(JournalContents contents) throws IOException {
    return Journal.begin(path(contents.id()), contents, syncThread);
  }

  /** Removes the journal of an import, if there is one; not the writes that it names. */
  public void remove(String id) throws IOException {
    boolean unused = Files.deleteIfExists(path(id));
  }

  /**
   * Removes the journals of all other imports, those that can't be read included; not the writes
   * that they name. Of the imports that go on, those stay that only a later release can read: it
   * may come back before they begin again.
   *
   * @return what they said
   */
  public List<JournalContents> retain(Set<String> ids) throws IOException {
    Set<Path> kept = ids.stream().map(this::path).collect(Collectors.toSet());
    List<JournalContents> removed = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(journals)) {
      for (Path file : files) {
        Optional<JournalContents> contents = read(file);
        boolean goesOn = contents.filter(found -> ids.contains(found.id())).isPresent();
        if (!goesOn && !(kept.contains(file) && JournalFormat.isOfLaterVersion(file))) {
          contents.ifPresent(removed::add);
          boolean unused = Files.deleteIfExists(file);
        }
      }
    }
    return removed;
  }

  /** Whether what journals lead to can't be told, for there are some of a later release. */
  public boolean hasLaterOnes() throws IOException {
    return hasLaterOnes(journals);
  }

  private static boolean hasLaterOnes(Path journals) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(journals, "*" + SUFFIX)) {
      for (Path file : files) {
        if (JournalFormat.isOfLaterVersion(file)) {
          return true;
        }
      }
    } catch (NoSuchFileException e) {
      LOG.debug("No journal was ever written", e);
    }
    return false;
  }

  /** Where the bytes of an import are put in {@link #store}. */
  public static BlobKey key(String id) {
    return BlobKey.of(name(id));
  }

  /** The store for bytes as delivered. Nothing is ever published there. */
  public BlobStore store() {
    return store;
  }

  /** Lets another process have it. */
  @Override
  public void close() {
    syncThread.shutdown();
    try (lock) {
      store.close();
    } catch (IOException e) {
      LOG.warn("The lock of the staging directory was not let go of", e);
    }
  }

  private Path path(String id) {
    return journals.resolve(name(id) + SUFFIX);
  }

  /** Whatever an id looks like. */
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
      LOG.debug("No journal was ever written", e);
    }
    return all;
  }

  /** Empty also when it has gone meanwhile. */
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
