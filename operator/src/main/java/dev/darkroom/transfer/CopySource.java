package dev.darkroom.transfer;

import dev.darkroom.source.Source;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceHead;
import dev.darkroom.store.Blob;
import dev.darkroom.store.BlobStore;
import dev.darkroom.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A copy that is published in one store, as a source to fill other stores from.
 *
 * @param target where it is
 * @param blob what it is
 */
public record CopySource(Target target, Blob blob) implements Source {

  private static final Logger LOG = LoggerFactory.getLogger(CopySource.class);

  @Override
  public SourceBody open() throws SourceException {
    BlobStore store = target.store();
    try {
      return new Body(store.read(target.key(), 0, blob.size()));
    } catch (StoreException e) {
      throw unavailable(e);
    }
  }

  @Override
  public String describe() {
    return "the copy in store " + target.name();
  }

  private SourceException unavailable(IOException cause) {
    return new SourceException(
        SourceException.Kind.UNAVAILABLE,
        "Store " + target.name() + ": " + cause.getMessage(),
        cause);
  }

  private final class Body implements SourceBody {

    private final ReadableByteChannel channel;
    private long left = blob.size();

    Body(ReadableByteChannel channel) {
      this.channel = channel;
    }

    @Override
    public SourceHead head() {
      return new SourceHead(
          describe(), OptionalLong.of(blob.size()), Optional.empty(), true, Optional.empty());
    }

    @Override
    public int read(ByteBuffer into) throws SourceException {
      try {
        int count;
        do {
          count = channel.read(into);
        } while (count == 0 && into.hasRemaining());
        if (count < 0 && left > 0) {
          throw new SourceException(
              SourceException.Kind.TRUNCATED,
              "Store " + target.name() + ": the copy ended " + left + " bytes early");
        }
        left -= Math.max(0, count);
        return count;
      } catch (SourceException e) {
        throw e;
      } catch (IOException e) {
        throw unavailable(e);
      }
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        LOG.debug("Closing the copy in store {} failed", target.name(), e);
      }
    }
  }
}
