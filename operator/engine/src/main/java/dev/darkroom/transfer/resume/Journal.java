package dev.darkroom.transfer.resume;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal of a transfer that runs. A line survives the death of the process at once, and a
 * crash of the machine after another thread has synced it, a second later at most while bytes flow.
 * For one thread at a time; an interrupt does not close it.
 */
public final class Journal implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
  private static final long SYNC_NANOS = Duration.ofSeconds(1).toNanos();

  private final FileOutputStream file;
  private final Executor syncThread;
  private final AtomicBoolean syncing = new AtomicBoolean();
  private long syncedAt = System.nanoTime();
  private int parts;

  private Journal(FileOutputStream file, Executor syncThread, int parts) {
    this.file = file;
    this.syncThread = syncThread;
    this.parts = parts;
  }

  /** Begins a journal with these contents; replaces an earlier one atomically. */
  static Journal begin(Path path, JournalContents contents, Executor syncThread)
      throws IOException {
    Path fresh = path.resolveSibling(path.getFileName() + ".new");
    FileOutputStream file = new FileOutputStream(fresh.toFile());
    try {
      file.write(JournalFormat.lines(contents).getBytes(UTF_8));
      file.getFD().sync();
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | RuntimeException e) {
      file.close();
      Files.deleteIfExists(fresh);
      throw e;
    }
    return new Journal(file, syncThread, contents.parts().size());
  }

  /** Appends the sum of the next part. */
  public void part(int crc32c) throws IOException {
    write(JournalFormat.part(parts, crc32c));
    parts++;
    long now = System.nanoTime();
    if (now - syncedAt >= SYNC_NANOS && syncing.compareAndSet(false, true)) {
      syncedAt = now;
      try {
        syncThread.execute(this::sync);
      } catch (RejectedExecutionException e) {
        LOG.debug("Closed: the journal is not synced");
      }
    }
  }

  /** Appends the total of bytes, at the end of the source. */
  public void end(long total) throws IOException {
    write(JournalFormat.end(total));
  }

  /** Syncs and closes the file. */
  @Override
  public void close() {
    try (file) {
      file.getFD().sync();
    } catch (IOException e) {
      LOG.debug("The end of a journal was not synced", e);
    }
  }

  private void write(String line) throws IOException {
    file.write(line.getBytes(UTF_8));
  }

  private void sync() {
    try {
      file.getFD().sync();
    } catch (IOException e) {
      LOG.debug("A journal was not synced: it is closed", e);
    } finally {
      syncing.set(false);
    }
  }
}
