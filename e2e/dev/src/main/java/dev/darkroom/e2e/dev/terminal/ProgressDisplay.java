package dev.darkroom.e2e.dev.terminal;

import java.util.List;

/** Shows imports while they run. For one thread. */
public interface ProgressDisplay extends AutoCloseable {

  /** The display that suits the terminal. */
  static ProgressDisplay on(Terminal terminal) {
    return terminal.can(Terminal.Ability.CURSOR)
        ? new BarDisplay(terminal)
        : new LineDisplay(terminal, System::nanoTime);
  }

  /**
   * Shows how far the images are. To be called several times a second; an image that was over
   * before it was seen working is shown too.
   */
  void show(List<ImageProgress> images);

  /** Whether something was drawn that would be torn apart by other output now. */
  boolean isDrawing();

  /** Leaves what is drawn as it is, so that others can write; what goes on is drawn anew below. */
  void pause();

  /** Leaves what is drawn as it is, and ends. */
  @Override
  default void close() {
    pause();
  }
}
