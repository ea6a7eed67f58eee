package dev.darkroom.transfer.intake;

import dev.darkroom.source.Source;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceHead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalLong;

/** A source that reads a file of this process. */
final class LocalFileSource implements Source {

  private final Path file;
  private final String description;

  /**
   * @param description of the original source of the bytes
   */
  LocalFileSource(Path file, String description) {
    this.file = file;
    this.description = description;
  }

  @Override
  public SourceBody open() throws SourceException {
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      return new Body(channel, channel.size());
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  @Override
  public String describe() {
    return description;
  }

  private static SourceException unreadable(IOException e) {
    return new SourceException(
        SourceException.Kind.UNAVAILABLE, "The staged bytes can't be read back.", e);
  }

  private final class Body implements SourceBody {

    private final FileChannel channel;
    private final SourceHead head;

    Body(FileChannel channel, long size) {
      this.channel = channel;
      this.head =
          new SourceHead(
              description, OptionalLong.of(size), Optional.empty(), false, Optional.empty());
    }

    @Override
    public SourceHead head() {
      return head;
    }

    @Override
    public int read(ByteBuffer into) throws SourceException {
      try {
        return channel.read(into);
      } catch (IOException e) {
        throw unreadable(e);
      }
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        // Nothing is lost: the file was only read.
      }
    }
  }
}
