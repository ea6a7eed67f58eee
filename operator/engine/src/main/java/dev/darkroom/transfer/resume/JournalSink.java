package dev.darkroom.transfer.resume;

import dev.darkroom.transfer.pipeline.Lane;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the sum of each delivered part to the journal. A part of the journal need not be in a
 * store: {@link Resumption} compares.
 */
public final class JournalSink implements Lane.Sink, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(JournalSink.class);

  private final Journal journal;
  private final CRC32C crc = new CRC32C();

  private final int partBytes;

  /** How many of the next bytes are in parts that the journal has already. */
  private long known;

  /** How many bytes of the next part have been summed. */
  private int summed;

  private volatile boolean broken;

  /**
   * Appends to a journal.
   *
   * @param partBytes the size of each part but the last
   * @param known how many parts are in the journal already; their bytes come again
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
      bytes.limit(Math.min(limit, bytes.position() + partBytes - summed));
      summed += bytes.remaining();
      crc.update(bytes);
      if (summed == partBytes) {
        endPart();
      }
    }
  }

  private void endPart() throws IOException {
    journal.part((int) crc.getValue());
    crc.reset();
    summed = 0;
  }

  @Override
  public void failed(Throwable thrown) {
    broken = true;
    LOG.warn("The journal can't be written; the transfer can't be resumed", thrown);
  }

  @Override
  public boolean optional() {
    return true;
  }

  /** Takes the total of bytes; after the lane has ended. */
  public void ended(long total) {
    if (!broken) {
      try {
        if (summed > 0) {
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
