package dev.darkroom.source.registry;

import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/**
 * The bytes of a blob of a registry. Reports its end only when all bytes match the digest and the
 * size in the manifest.
 */
final class BlobStream extends InputStream {

  private final SourceBody body;
  private final RegistryManifest.Layer layer;
  private final MessageDigest computed;
  private long count;
  private boolean verified;

  BlobStream(SourceBody body, RegistryManifest.Layer layer) {
    this.body = body;
    this.layer = layer;
    this.computed = layer.digest().begin();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (verified) {
      return -1;
    }
    int read = body.read(ByteBuffer.wrap(bytes, offset, length));
    if (read < 0) {
      verify();
      return -1;
    }
    count += read;
    if (count > layer.size()) {
      throw changed();
    }
    computed.update(bytes, offset, read);
    return read;
  }

  @Override
  public void close() {
    body.close();
  }

  private void verify() throws SourceException {
    if (count != layer.size() || !layer.digest().isOf(computed)) {
      throw changed();
    }
    verified = true;
  }

  private SourceException changed() {
    return new SourceException(
        Kind.CHANGED,
        "the layer %s of the image does not match its digest".formatted(layer.digest()));
  }
}
