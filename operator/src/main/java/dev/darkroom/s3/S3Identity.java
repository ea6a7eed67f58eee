package dev.darkroom.s3;

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
   */
  record Keys(Supplier<S3Credentials> current) implements S3Identity {}

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
