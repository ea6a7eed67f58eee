package dev.darkroom.transfer.resume;

import dev.darkroom.transfer.pipeline.Lane;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down the sum of each part as it was delivered. That a part is in the journal does not say
 * that it is in a store: who resumes compares.
 */
public final class JournalSink implements Lane.Sink, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(JournalSink.class);

  private final Journal journal;
  private final CRC32C crc = new CRC32C();

  private final int partBytes;

  /** How many of the bytes to come are in parts that the journal has already. */
  private long known;

  /** How many bytes of the next part have come. */
  private int begun;

  private volatile boolean broken;

  /**
   * @param partBytes how long each part is, but the last
   * @param known how many parts are in the journal already; they are handed on again
   */
  public JournalSink(Journal journal, int partBytes, int known) {
    this.journal = journal;
    this.partBytes = partBytes;
    this.known = (long) partBytes * known;
  }

  @Override
  public String name() {
    return "Journal";
  }

  @Override
  public void accept(ByteBuffer bytes) throws IOException {
    int skipped = (int) Math.min(known, bytes.remaining());
    known -= skipped;
    bytes.position(bytes.position() + skipped);
    int limit = bytes.limit();
    while (bytes.position() < limit) {
      bytes.limit(Math.min(limit, bytes.position() + partBytes - begun));
      begun += bytes.remaining();
      crc.update(bytes);
      if (begun == partBytes) {
        endPart();
      }
    }
  }

  private void endPart() throws IOException {
    journal.part((int) crc.getValue());
    crc.reset();
    begun = 0;
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
  public void ended(long total) {
    if (!broken) {
      try {
        if (begun > 0) {
          endPart();
        }
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
