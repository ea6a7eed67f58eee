package dev.darkroom.e2e.conformance;

import dev.darkroom.transfer.model.Outcome;

/**
 * One way in which the world misbehaves, and what must come of it. Besides what it expects itself,
 * {@link Invariants} hold for every case.
 *
 * @param group what kind of misbehaviour it is
 * @param name short, and no other case's
 * @param done what is done, in a sentence
 * @param play does it
 * @param expectation what must come of it
 */
record Case(Group group, String name, String done, Play play, Check expectation) {

  /** What the table is divided into, in this order. */
  enum Group {
    BODY("Bodies that are not what they seem"),
    PART("Sources that are read in parts"),
    ADDRESS("Sources that lead elsewhere"),
    CHECKSUM("Bytes that are not those that were asked for"),
    IMAGE("Images that must not get in"),
    COMPRESSION("Compressed sources"),
    STORE("Stores that fail"),
    RESUME("Imports that are tried again"),
    KILL("Processes that are killed"),
    CLOCK("Clocks that jump");

    private final String title;

    Group(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  /** Does it, in a world of its own. */
  @FunctionalInterface
  interface Play {
    /** Gives how the import ended; throws where the case can't be played at all. */
    Outcome in(World world) throws Exception;
  }
}
