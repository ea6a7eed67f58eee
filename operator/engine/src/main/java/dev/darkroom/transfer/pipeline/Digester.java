package dev.darkroom.transfer.pipeline;

import dev.darkroom.transfer.call.CancellationToken;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Failures;
import dev.darkroom.transfer.model.Outcome;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** One digest of the stream. One thread feeds it; another reads it after the first has ended. */
final class Digester {

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

  Checksum.Algorithm algorithm() {
    return algorithm;
  }

  /** The sink that feeds the digest. */
  Lane.Sink sink(CancellationToken token) {
    return new Lane.Sink() {
      @Override
      public String name() {
        return "Digest " + algorithm.apiName();
      }

      @Override
      public void accept(ByteBuffer bytes) {
        digest.update(bytes);
      }

      @Override
      public void failed(Throwable thrown) {
        boolean unused = token.cancel(new Outcome.Failed(Failures.of(thrown)));
      }
    };
  }

  /** The digest of all that was fed, in lower-case hex; to be called once. */
  String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
