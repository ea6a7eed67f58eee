package dev.darkroom.transfer.intake;

import dev.darkroom.format.DiskFormat;
import dev.darkroom.format.InspectionLimits;
import dev.darkroom.format.Inspector;
import dev.darkroom.format.Verdict;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.transfer.model.Failures;
import dev.darkroom.transfer.model.RefusedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Writes a body to a file and inspects it on the way. Runs of zeros become holes, so that a mostly
 * empty disk takes little space.
 */
public final class StagedFile {

  private static final int BUFFER_BYTES = 1 << 20;
  private static final int HOLE_BYTES = 64 << 10;
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(HOLE_BYTES).asReadOnlyBuffer();

  private final Inspector inspector;
  private final OptionalLong maxVirtualSize;

  /**
   * @param declared the format that must be found
   * @param limits of every disk
   * @param maxVirtualSize the limit of the virtual size of the disk, in bytes
   */
  public StagedFile(
      Optional<DiskFormat> declared, InspectionLimits limits, OptionalLong maxVirtualSize) {
    this.inspector = Inspector.of(declared, limits);
    this.maxVirtualSize = maxVirtualSize;
  }

  /**
   * Reads the body to its end, on the caller's thread.
   *
   * @param file must not exist
   * @return the verdict of the inspection
   * @throws RefusedException when the source fails, the bytes are refused, or the disk is full
   */
  public Verdict.Accepted receive(SourceBody body, Path file) throws RefusedException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
      long total = 0;
      boolean more = true;
      while (more) {
        more = fill(body, buffer.clear());
        buffer.flip();
        inspect(buffer);
        write(channel, buffer, total);
        total += buffer.limit();
      }
      if (total == 0) {
        throw new RefusedException(Failures.noBytes());
      }
      if (channel.size() < total) {
        // The file ends in a hole.
        int unused = channel.write(ByteBuffer.allocate(1), total - 1);
      }
      return conclude(total);
    } catch (IOException e) {
      throw new RefusedException(Failures.ofStaging(e));
    }
  }

  private boolean fill(SourceBody body, ByteBuffer buffer) throws RefusedException {
    try {
      while (buffer.hasRemaining()) {
        if (body.read(buffer) < 0) {
          return false;
        }
      }
      return true;
    } catch (SourceException | RuntimeException | Error e) {
      throw new RefusedException(Failures.ofSource(e));
    }
  }

  private void inspect(ByteBuffer bytes) throws RefusedException {
    Optional<Verdict.Refused> refused;
    Optional<Verdict> preview;
    try {
      inspector.update(bytes);
      refused = inspector.early();
      preview = inspector.preview();
    } catch (RuntimeException e) {
      throw new RefusedException(Failures.ofInspector(e));
    }
    if (refused.isPresent()) {
      throw new RefusedException(Failures.of(refused.get()));
    }
    if (preview.orElse(null) instanceof Verdict.Accepted accepted) {
      requireVirtualSize(accepted);
    }
  }

  private Verdict.Accepted conclude(long total) throws RefusedException {
    Verdict verdict;
    try {
      verdict = inspector.finish(total);
    } catch (RuntimeException e) {
      throw new RefusedException(Failures.ofInspector(e));
    }
    if (verdict instanceof Verdict.Refused refused) {
      throw new RefusedException(Failures.of(refused));
    }
    Verdict.Accepted accepted = (Verdict.Accepted) verdict;
    requireVirtualSize(accepted);
    return accepted;
  }

  private void requireVirtualSize(Verdict.Accepted accepted) throws RefusedException {
    long size = accepted.virtualSize().orElse(0);
    if (size > maxVirtualSize.orElse(Long.MAX_VALUE)) {
      throw new RefusedException(Failures.virtualSizeTooLarge(size, maxVirtualSize.getAsLong()));
    }
  }

  private static void write(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
    long position = at;
    while (bytes.hasRemaining()) {
      int count = Math.min(HOLE_BYTES, bytes.remaining());
      ByteBuffer block = bytes.slice(bytes.position(), count);
      if (block.mismatch(ZEROS.slice(0, count)) >= 0) {
        while (block.hasRemaining()) {
          position += channel.write(block, position);
        }
      } else {
        position += count;
      }
      bytes.position(bytes.position() + count);
    }
  }
}
