package dev.darkroom.source.registry;

import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import dev.darkroom.source.SourceHead;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A layer that is the disk itself. Reports its end only when all bytes match the digest. A body
 * that continues an earlier one continues its computation.
 */
final class RawLayer implements SourceBody {

  /**
   * The progress of reading a layer: its offset and the state of its digest.
   *
   * @param offset the first byte that was not read
   */
  record Progress(MessageDigest computed, long offset) {

    /** The state before the first byte. */
    static Progress none(RegistryManifest.Layer layer) {
      return new Progress(layer.digest().begin(), 0);
    }
  }

  private final SourceBody body;
  private final RegistryManifest.Layer layer;
  private final SourceHead head;
  private final MessageDigest computed;
  private volatile long offset;
  private boolean ended;

  RawLayer(SourceBody body, RegistryManifest.Layer layer, Progress before) {
    this.body = body;
    this.layer = layer;
    this.computed = before.computed();
    this.offset = before.offset();
    this.head =
        new SourceHead(
            body.head().location(),
            OptionalLong.of(layer.size()),
            Optional.of(layer.digest().toString()),
            before.offset() > 0,
            Optional.of(layer.mediaType()));
  }

  @Override
  public SourceHead head() {
    return head;
  }

  @Override
  public int read(ByteBuffer into) throws SourceException {
    if (ended) {
      return -1;
    }
    ByteBuffer came = into.duplicate();
    int read = body.read(into);
    if (read < 0) {
      if (offset != layer.size() || !layer.digest().isOf(computed)) {
        throw changed();
      }
      ended = true;
      return -1;
    }
    long now = offset + read;
    offset = now;
    if (offset > layer.size()) {
      throw changed();
    }
    computed.update(came.limit(came.position() + read));
    return read;
  }

  /** Returns the progress; to be called only after the last read. */
  Optional<Progress> progress() {
    try {
      return Optional.of(new Progress((MessageDigest) computed.clone(), offset));
    } catch (CloneNotSupportedException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    body.close();
  }

  private SourceException changed() {
    return new SourceException(
        Kind.CHANGED,
        "the layer %s of the image does not match its digest".formatted(layer.digest()));
  }
}
