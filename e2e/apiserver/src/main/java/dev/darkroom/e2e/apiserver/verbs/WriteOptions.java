package dev.darkroom.e2e.apiserver.verbs;

import dev.darkroom.e2e.apiserver.fields.Ownership;

/**
 * The options of a write.
 *
 * @param persistence whether to store the result
 * @param manager name of the field manager
 * @param unknown handling of fields that the schema does not know
 * @param conflicts handling of fields of other managers in a server-side apply
 */
public record WriteOptions(
    Persistence persistence, String manager, UnknownFields unknown, Ownership.Conflicts conflicts) {

  /** Whether to store the result of a write. */
  public enum Persistence {
    /** Store the result. */
    STORE,
    /** Do not store the result: {@code dryRun=All}. */
    DRY_RUN
  }

  /** Handling of unknown fields ({@code fieldValidation}). */
  public enum UnknownFields {
    /** Drop unknown fields. */
    IGNORE,
    /** Drop unknown fields and report them in a Warning header. */
    WARN,
    /** Refuse the request. */
    STRICT
  }
}
