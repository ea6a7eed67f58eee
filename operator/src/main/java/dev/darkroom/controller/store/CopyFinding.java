package dev.darkroom.controller.store;

import java.time.Instant;

/** What reading a copy has shown. */
public sealed interface CopyFinding {

  /**
   * It has the image's digest.
   *
   * @param at when that was found
   * @param bytes how many it has
   */
  record Sound(Instant at, long bytes) implements CopyFinding {}

  /**
   * It was made just now, and verified while it was.
   *
   * @param at when that was
   * @param bytes how many it has
   */
  record Made(Instant at, long bytes) implements CopyFinding {}

  /** There is none. */
  record Missing() implements CopyFinding {}

  /**
   * It is not what was verified.
   *
   * @param sentence how
   */
  record Corrupt(String sentence) implements CopyFinding {}
}
