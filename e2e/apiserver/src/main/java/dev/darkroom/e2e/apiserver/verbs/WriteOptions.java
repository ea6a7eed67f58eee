package dev.darkroom.e2e.apiserver.verbs;

import dev.darkroom.e2e.apiserver.fields.Ownership;

/**
 * How a client wants its write to be done.
 *
 * @param persistence whether to write at all
 * @param manager who writes, for managed fields
 * @param unknown what to do about fields that the schema does not know
 * @param conflicts what a server-side apply does about fields of others
 */
public record WriteOptions(
    Persistence persistence, String manager, UnknownFields unknown, Ownership.Conflicts conflicts) {

  /** Whether to write. */
  public enum Persistence {
    /** Yes. */
    STORE,
    /** No: {@code dryRun=All}. */
    DRY_RUN
  }

  /** What to do about unknown fields ({@code fieldValidation}). */
  public enum UnknownFields {
    /** Drop them. */
    IGNORE,
    /** Drop them and say so in a Warning header. */
    WARN,
    /** Refuse the request. */
    STRICT
  }
}
