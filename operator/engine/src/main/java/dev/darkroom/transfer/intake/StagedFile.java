package dev.darkroom.transfer.intake;

import dev.darkroom.format.DiskFormat;
import dev.darkroom.format.Inspector;
import dev.darkroom.format.Verdict;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Failures;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.RefusedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a body into a file, inspected as it passes. Runs of zeros become holes: a file of a mostly
 * empty disk takes the room of what is in it.
 */
public final class StagedFile {

  private static final Logger LOG = LoggerFactory.getLogger(StagedFile.class);

  private static final int BUFFER_BYTES = 1 << 20;
  private static final int HOLE_BYTES = 64 << 10;
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(HOLE_BYTES).asReadOnlyBuffer();

  private final Inspector inspector;
  private final OptionalLong maxVirtualSize;

  /**
   * @param maxVirtualSize how many bytes the disk inside may have
   */
  public StagedFile(Optional<DiskFormat> declared, OptionalLong maxVirtualSize) {
    this.inspector = Inspector.of(declared);
    this.maxVirtualSize = maxVirtualSize;
  }

  /**
   * Reads to the end, on the caller's thread.
   *
   * @param file must not exist
   * @return what the inspector said
   * @throws RefusedException when the body fails, its bytes are refused, or there is no room
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
        throw new RefusedException(Reason.SIZE_MISMATCH, "The source gave 0 bytes.");
      }
      if (channel.size() < total) {
        // It ends in a hole.
        int unused = channel.write(ByteBuffer.allocate(1), total - 1);
      }
      return conclude(total);
    } catch (IOException e) {
      throw new RefusedException(ofDisk(e));
    }
  }

  private static Failure ofDisk(IOException e) {
    LOG.warn("The staging directory did not take the bytes", e);
    // What the kernel says of ENOSPC is all that the runtime passes on.
    return String.valueOf(e.getMessage()).contains("No space left")
        ? Failure.of(Reason.STORE_FULL, "The staging directory has no room for the image.")
        : Failure.of(Reason.STORE_UNAVAILABLE, "The staging directory did not take the image.");
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
      throw new RefusedException(
          Reason.VIRTUAL_SIZE_TOO_LARGE,
          "The disk inside has %d bytes, but %d are let in at most."
              .formatted(size, maxVirtualSize.getAsLong()));
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
