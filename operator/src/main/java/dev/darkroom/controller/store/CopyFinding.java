package dev.darkroom.controller.store;

import java.time.Instant;

/** What a read of a copy has shown. */
public sealed interface CopyFinding {

  /**
   * The copy has the image's digest.
   *
   * @param at the time of the read
   * @param bytes the size of the copy
   */
  record Sound(Instant at, long bytes) implements CopyFinding {}

  /**
   * The copy is new, and was verified while it was written.
   *
   * @param at the time of the write
   * @param bytes the size of the copy
   */
  record Made(Instant at, long bytes) implements CopyFinding {}

  /** The store has no copy. */
  record Missing() implements CopyFinding {}

  /**
   * The copy differs from the verified bytes.
   *
   * @param sentence the difference, for users
   */
  record Corrupt(String sentence) implements CopyFinding {}
}
