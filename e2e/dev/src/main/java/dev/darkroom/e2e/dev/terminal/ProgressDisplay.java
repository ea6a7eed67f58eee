package dev.darkroom.e2e.dev.terminal;

import java.util.List;

/** Shows imports in progress. Not thread-safe. */
public interface ProgressDisplay extends AutoCloseable {

  /** The display for the abilities of the terminal. */
  static ProgressDisplay on(Terminal terminal) {
    return terminal.can(Terminal.Ability.CURSOR)
        ? new BarDisplay(terminal)
        : new LineDisplay(terminal, System::nanoTime);
  }

  /**
   * Shows the progress of images; to be called several times per second. Also shows images that are
   * final at the first call.
   */
  void show(List<ImageProgress> images);

  /** Whether other output would interrupt a drawing now. */
  boolean isDrawing();

  /** Releases the terminal for other output; bars of running imports are drawn again below it. */
  void pause();

  /** Keeps the drawn bars and closes the display. */
  @Override
  default void close() {
    pause();
  }
}
