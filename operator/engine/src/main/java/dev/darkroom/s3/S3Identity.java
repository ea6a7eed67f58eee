package dev.darkroom.s3;

import java.util.function.Predicate;
import java.util.function.Supplier;

/** As whom requests are made. */
public sealed interface S3Identity {

  /**
   * As this process itself: by the SDK's default chain of environment variables, web identity, pod
   * identity and instance profile. Never for what a tenant asks: it would read with our rights.
   */
  record Own() implements S3Identity {}

  /** As nobody: requests are not signed. */
  record Anonymous() implements S3Identity {}

  /**
   * With these keys.
   *
   * @param current the keys as they are now; asked before every request, by many threads, so that a
   *     rotation needs no restart. It must be quick and throw nothing
   * @param renewed asked, by many threads, when a server has refused a request that was signed with
   *     the keys it is given: whether there are others now. It may look for them, which may take a
   *     while, and throws nothing
   */
  record Keys(Supplier<S3Credentials> current, Predicate<S3Credentials> renewed)
      implements S3Identity {

    /** Keys that somebody changes now and then. */
    public Keys(Supplier<S3Credentials> current) {
      this(current, refused -> !current.get().equals(refused));
    }
  }

  /** Always the same keys. */
  static S3Identity keys(S3Credentials credentials) {
    return new Keys(() -> credentials);
  }

  /** Whether both are, at this moment, the same account to a server; false when in doubt. */
  static boolean areSame(S3Identity one, S3Identity other) {
    if (one instanceof Keys a && other instanceof Keys b) {
      return a.current().get().accessKeyId().equals(b.current().get().accessKeyId());
    }
    return one.equals(other);
  }
}
