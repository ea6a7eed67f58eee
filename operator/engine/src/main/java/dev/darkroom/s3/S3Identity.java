package dev.darkroom.s3;

import java.util.function.Predicate;
import java.util.function.Supplier;

/** The identity of requests. */
public sealed interface S3Identity {

  /**
   * The process's own identity: the SDK's default chain of environment variables, web identity, pod
   * identity and instance profile. Never for a request that a tenant chose, which would have the
   * operator's permissions.
   */
  record Own() implements S3Identity {}

  /** Anonymous: requests are not signed. */
  record Anonymous() implements S3Identity {}

  /**
   * Access keys.
   *
   * @param current returns the keys; called before every request, by many threads, so that a
   *     rotation needs no restart. Must be quick and not throw
   * @param renewed called, by many threads, with the keys of a refused request; returns whether
   *     there are other keys now. May block to look for them; must not throw
   */
  record Keys(Supplier<S3Credentials> current, Predicate<S3Credentials> renewed)
      implements S3Identity {

    /** Returns keys that change from time to time. */
    public Keys(Supplier<S3Credentials> current) {
      this(current, refused -> !current.get().equals(refused));
    }
  }

  /** Returns keys that never change. */
  static S3Identity keys(S3Credentials credentials) {
    return new Keys(() -> credentials);
  }

  /** Returns whether both are the same account of a server at this moment; false when in doubt. */
  static boolean areSame(S3Identity one, S3Identity other) {
    if (one instanceof Keys a && other instanceof Keys b) {
      return a.current().get().accessKeyId().equals(b.current().get().accessKeyId());
    }
    return one.equals(other);
  }
}
