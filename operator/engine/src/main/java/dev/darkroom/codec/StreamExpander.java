package dev.darkroom.codec;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.XZInputStream;

/** Expands the formats whose libraries provide a stream; copies through an array. */
final class StreamExpander implements Expander {

  private final InputStream expanded;
  private final byte[] array = new byte[Delivery.BUFFER_BYTES];

  private StreamExpander(InputStream expanded) {
    this.expanded = expanded;
  }

  /** Expands xz. The library handles concatenated streams and the padding between them. */
  static StreamExpander xz(Delivery delivery, long memoryBytes) throws IOException {
    int kibibytes = (int) Math.min(Integer.MAX_VALUE, memoryBytes >> 10);
    return new StreamExpander(new XZInputStream(delivery.stream(), kibibytes));
  }

  /** Expands bzip2. The format limits a block to 900 kB. */
  static StreamExpander bzip2(Delivery delivery) throws IOException {
    return new StreamExpander(new BZip2CompressorInputStream(delivery.stream(), true));
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    int count = expanded.read(array, 0, Math.min(array.length, into.remaining()));
    if (count > 0) {
      into.put(array, 0, count);
    }
    return count;
  }

  @Override
  public void close() throws IOException {
    expanded.close();
  }
}
