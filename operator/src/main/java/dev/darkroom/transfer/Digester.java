package dev.darkroom.transfer;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** One digest of the stream. Fed by one thread, asked by another after the first has ended. */
final class Digester implements Lane.Sink {

  private final Checksum.Algorithm algorithm;
  private final MessageDigest digest;

  Digester(Checksum.Algorithm algorithm) {
    this.algorithm = algorithm;
    try {
      this.digest = MessageDigest.getInstance(algorithm.jcaName());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the Java runtime lacks " + algorithm.jcaName(), e);
    }
  }

  @Override
  public void accept(ByteBuffer bytes) {
    digest.update(bytes);
  }

  Checksum.Algorithm algorithm() {
    return algorithm;
  }

  /** The digest of all that was fed, in lower-case hex; ask once. */
  String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
