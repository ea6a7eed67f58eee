package dev.darkroom.transfer;

import dev.darkroom.source.ByteRange;
import dev.darkroom.source.Source;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceHead;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/** A source with ranges and versions, which can be replaced and broken. */
final class VersionedSource implements Source {

  private final AtomicLong bytesRead = new AtomicLong();
  private volatile byte[] bytes;
  private volatile String version;
  private volatile long brokenFrom = Long.MAX_VALUE;
  private volatile SourceException.Kind breaking = SourceException.Kind.UNAVAILABLE;

  VersionedSource(byte[] bytes, String version) {
    this.bytes = bytes;
    this.version = version;
  }

  /** Fails at this byte. */
  VersionedSource brokenFrom(long position, SourceException.Kind kind) {
    brokenFrom = position;
    breaking = kind;
    return this;
  }

  VersionedSource repaired() {
    brokenFrom = Long.MAX_VALUE;
    return this;
  }

  /** Has other bytes from now on. */
  VersionedSource replaced(byte[] others, String otherVersion) {
    bytes = others;
    version = otherVersion;
    return this;
  }

  /** How many bytes were read since the last call. */
  long takeBytesRead() {
    return bytesRead.getAndSet(0);
  }

  @Override
  public SourceBody open() throws SourceException {
    return new Body(0, bytes.length);
  }

  @Override
  public SourceBody open(ByteRange range, Optional<String> validator) throws SourceException {
    if (validator.isPresent() && !validator.get().equals(version)) {
      throw new SourceException(SourceException.Kind.CHANGED, "It is another version now.");
    }
    if (range.offset() >= brokenFrom) {
      throw new SourceException(breaking, "It broke.");
    }
    return new Body((int) range.offset(), (int) Math.min(bytes.length, range.end()));
  }

  @Override
  public String describe() {
    return "versioned bytes";
  }

  private final class Body implements SourceBody {

    private final byte[] mine = bytes;
    private final int end;
    private int position;

    Body(int start, int end) {
      this.position = start;
      this.end = end;
    }

    @Override
    public SourceHead head() {
      return new SourceHead(
          "test:versioned",
          OptionalLong.of(mine.length),
          Optional.of(version),
          true,
          Optional.empty());
    }

    @Override
    public int read(ByteBuffer into) throws SourceException {
      if (position >= brokenFrom) {
        throw new SourceException(breaking, "It broke.");
      }
      if (position == end) {
        return -1;
      }
      int most = (int) Math.min(brokenFrom - position, end - position);
      int count = Math.min(into.remaining(), most);
      into.put(mine, position, count);
      position += count;
      bytesRead.addAndGet(count);
      return count;
    }

    @Override
    public void close() {}
  }
}
