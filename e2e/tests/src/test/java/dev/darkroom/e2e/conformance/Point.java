package dev.darkroom.e2e.conformance;

import dev.darkroom.transfer.model.Progress.Stage;

/** When a process is to be killed; written as its arguments have it. */
sealed interface Point {

  /** As the import enters that stage. */
  record Entering(Stage stage) implements Point {
    @Override
    public String toString() {
      return "entering:" + stage;
    }
  }

  /** As the store of that name is about to publish its copy. */
  record Publishing(String store) implements Point {
    @Override
    public String toString() {
      return "publishing:" + store;
    }
  }

  /** When it has that many bytes, and gets no more. */
  record Having(long bytes) implements Point {
    @Override
    public String toString() {
      return "having:" + bytes;
    }
  }

  /** Reads what {@link Object#toString} of a point writes. */
  static Point parse(String text) {
    String what = text.substring(text.indexOf(':') + 1);
    if (text.startsWith("entering:")) {
      return new Entering(Stage.valueOf(what));
    }
    return text.startsWith("publishing:") ? new Publishing(what) : new Having(Long.parseLong(what));
  }
}
