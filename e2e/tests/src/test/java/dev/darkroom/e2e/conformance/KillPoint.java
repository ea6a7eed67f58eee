package dev.darkroom.e2e.conformance;

import dev.darkroom.transfer.model.Progress.Stage;

/** The point where a process is killed; {@code toString} is its form in arguments. */
sealed interface KillPoint {

  /** At the start of this stage. */
  record Entering(Stage stage) implements KillPoint {
    @Override
    public String toString() {
      return "entering:" + stage;
    }
  }

  /** Before this store publishes its copy. */
  record Publishing(String store) implements KillPoint {
    @Override
    public String toString() {
      return "publishing:" + store;
    }
  }

  /** At this number of bytes, where the source stalls. */
  record Having(long bytes) implements KillPoint {
    @Override
    public String toString() {
      return "having:" + bytes;
    }
  }

  /** Parses the result of {@link Object#toString}. */
  static KillPoint parse(String text) {
    String what = text.substring(text.indexOf(':') + 1);
    if (text.startsWith("entering:")) {
      return new Entering(Stage.valueOf(what));
    }
    return text.startsWith("publishing:") ? new Publishing(what) : new Having(Long.parseLong(what));
  }
}
