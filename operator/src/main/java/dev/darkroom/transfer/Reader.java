package dev.darkroom.transfer;

import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * Reads a body once, into chunks that it shows the examination and hands to the lanes. Each read is
 * inspected before the next one, so that an unsafe header costs no more than itself.
 */
final class Reader {

  private final SourceBody body;
  private final OptionalLong announced;
  private final Examination examination;
  private final FanOut lanes;
  private final Meter meter;
  private long total;

  Reader(SourceBody body, Examination examination, FanOut lanes, Meter meter) {
    this.body = body;
    this.announced = body.head().length();
    this.examination = examination;
    this.lanes = lanes;
    this.meter = meter;
  }

  /**
   * Reads to the end.
   *
   * @return how many bytes there were
   * @throws RefusedException when the source fails, or its bytes are refused already
   * @throws InterruptedException when the transfer is stopped while this waits for a chunk
   */
  long readAll(Chunks chunks, StopSignal stop) throws RefusedException, InterruptedException {
    boolean more = true;
    while (more) {
      Chunk chunk = stop.interruptibly(chunks::acquire);
      try {
        more = fill(chunk.buffer());
        if (chunk.buffer().flip().hasRemaining()) {
          lanes.offer(chunk);
        }
      } finally {
        chunk.release();
      }
    }
    return total;
  }

  /** Full chunks only: each costs every lane a hand-over. Whether more may follow. */
  private boolean fill(ByteBuffer buffer) throws RefusedException {
    while (buffer.hasRemaining()) {
      int start = buffer.position();
      if (read(buffer) < 0) {
        return false;
      }
      int count = buffer.position() - start;
      total += count;
      if (announced.isPresent() && total > announced.getAsLong()) {
        throw new RefusedException(
            Reason.SIZE_MISMATCH,
            "The source goes on after the %d bytes it announced.".formatted(announced.getAsLong()));
      }
      examination.inspect(buffer.duplicate().flip().position(start));
      meter.moved(count);
    }
    return true;
  }

  private int read(ByteBuffer buffer) throws RefusedException {
    try {
      int count = body.read(buffer);
      if (count == 0) {
        throw new IllegalStateException("the source read nothing and did not end");
      }
      return count;
    } catch (SourceException | RuntimeException | Error e) {
      throw new RefusedException(Failures.ofSource(e));
    }
  }
}
