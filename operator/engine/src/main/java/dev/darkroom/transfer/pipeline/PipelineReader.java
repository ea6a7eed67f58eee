package dev.darkroom.transfer.pipeline;

import dev.darkroom.format.Inspector;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.transfer.memory.Chunk;
import dev.darkroom.transfer.model.Failures;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.RefusedException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * Reads a body once, into chunks. Each read is inspected before the next one, so that no byte after
 * an unsafe header is fetched. Every chunk but the last is full, because each costs a hand-over to
 * every lane.
 */
final class PipelineReader {

  private final SourceBody body;
  private final Examination examination;
  private final FanOut lanes;
  private long total;
  private boolean more = true;

  PipelineReader(SourceBody body, Examination examination, FanOut lanes) {
    this.body = body;
    this.examination = examination;
    this.lanes = lanes;
  }

  /**
   * Reads and inspects the bytes that a format is detected by, before there is a lane.
   *
   * @return a chunk that is not full yet, for {@link #rest}, or for the caller to release
   * @throws RefusedException when the source fails, or its bytes are refused
   * @throws InterruptedException when the transfer is cancelled
   */
  Chunk head() throws RefusedException, InterruptedException {
    return filled(Math.min(Inspector.HEAD_BYTES, lanes.chunkBytes()));
  }

  /**
   * Hands over the head and reads to the end.
   *
   * @return how many bytes there were
   * @throws RefusedException when the source fails, or its bytes are refused
   * @throws InterruptedException when the transfer is cancelled while this waits for a chunk
   */
  long rest(Chunk head) throws RefusedException, InterruptedException {
    try {
      more = more && fill(head.buffer(), lanes.chunkBytes());
    } catch (RefusedException | RuntimeException | Error e) {
      head.release();
      throw e;
    }
    hand(head);
    while (more) {
      hand(filled(lanes.chunkBytes()));
    }
    return total;
  }

  private Chunk filled(int upTo) throws RefusedException, InterruptedException {
    Chunk chunk = lanes.acquire();
    boolean filled = false;
    try {
      more = fill(chunk.buffer(), upTo);
      filled = true;
      return chunk;
    } finally {
      if (!filled) {
        chunk.release();
      }
    }
  }

  private void hand(Chunk chunk) {
    try {
      if (chunk.buffer().flip().hasRemaining()) {
        lanes.offer(chunk);
      }
    } finally {
      chunk.release();
    }
  }

  /** Whether more may follow. */
  private boolean fill(ByteBuffer buffer, int upTo) throws RefusedException {
    while (buffer.position() < upTo) {
      int start = buffer.position();
      if (read(buffer) < 0) {
        return false;
      }
      int count = buffer.position() - start;
      total += count;
      OptionalLong announced = body.head().length();
      if (announced.isPresent() && total > announced.getAsLong()) {
        throw new RefusedException(
            Reason.SIZE_MISMATCH,
            "The source delivers more than the %d bytes it announced."
                .formatted(announced.getAsLong()));
      }
      examination.inspect(buffer.duplicate().flip().position(start));
    }
    return true;
  }

  private int read(ByteBuffer buffer) throws RefusedException {
    try {
      int count = body.read(buffer);
      if (count == 0) {
        throw new IllegalStateException("a read of the source gave 0 bytes");
      }
      return count;
    } catch (SourceException | RuntimeException | Error e) {
      throw new RefusedException(Failures.ofSource(e));
    }
  }
}
