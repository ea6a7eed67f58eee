package dev.darkroom.e2e.conformance;

import dev.darkroom.transfer.model.Outcome;

/**
 * A fault and the required outcome. The {@link Invariants} hold for every case, besides its
 * expectation.
 *
 * @param group the kind of fault
 * @param name short and unique
 * @param done the fault, in a sentence
 * @param play runs the case
 * @param expectation the required outcome
 */
record Case(Group group, String name, String done, Play play, Expectation expectation) {

  /** The sections of the table, in order. */
  enum Group {
    BODY("Faulty bodies"),
    PART("Ranges"),
    ADDRESS("Addresses, redirects and credentials"),
    CHECKSUM("Checksums and signatures"),
    IMAGE("Unsafe images"),
    COMPRESSION("Compression and conversion"),
    STORE("Failing stores"),
    RESUME("Resumed imports"),
    KILL("Killed processes"),
    CLOCK("Clock changes");

    private final String title;

    Group(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  /** Runs the case in its own test bed. */
  @FunctionalInterface
  interface Play {
    /** Returns the outcome of the import; throws if the case cannot run. */
    Outcome in(TestBed bed) throws Exception;
  }
}
