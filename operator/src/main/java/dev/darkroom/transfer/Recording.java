package dev.darkroom.transfer;

import dev.darkroom.transfer.journal.Journal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down the sum of each part as it was delivered; each chunk of the stream is a part. That a
 * part is in the journal does not say that it is in a store: who resumes compares.
 */
final class Recording implements Lane.Sink, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Recording.class);

  private final Journal journal;
  private final CRC32C crc = new CRC32C();

  /** How many of the parts to come are in the journal already. */
  private long known;

  private volatile boolean broken;

  /**
   * @param known how many parts are in the journal already; they are handed on again
   */
  Recording(Journal journal, int known) {
    this.journal = journal;
    this.known = known;
  }

  @Override
  public String name() {
    return "Journal";
  }

  @Override
  public void accept(ByteBuffer bytes) throws IOException {
    if (known > 0) {
      known--;
      return;
    }
    crc.reset();
    crc.update(bytes);
    journal.part((int) crc.getValue());
  }

  @Override
  public void failed(Throwable thrown) {
    broken = true;
    LOG.warn("The journal can't be gone on with; the import goes on without", thrown);
  }

  @Override
  public boolean dispensable() {
    return true;
  }

  /** Every part was handed on, and this many bytes in all; after its lane has ended. */
  void ended(long total) {
    if (!broken) {
      try {
        journal.end(total);
      } catch (IOException e) {
        failed(e);
      }
    }
  }

  @Override
  public void close() {
    journal.close();
  }
}
