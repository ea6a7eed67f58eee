package dev.darkroom.source;

/**
 * A place that bytes come from. It can be opened again and again; each opening begins at the first
 * byte. Safe for use by many threads.
 */
public interface Source {

  /**
   * Asks for the bytes. Blocks until the answer's head is there; no body byte is read yet.
   *
   * @throws SourceException saying why there are none
   * @throws InterruptedException when the thread was interrupted while it waited
   */
  SourceBody open() throws SourceException, InterruptedException;

  /** Where the bytes come from, for people; holds no secret. */
  String describe();
}
