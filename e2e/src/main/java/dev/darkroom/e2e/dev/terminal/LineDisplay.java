package dev.darkroom.e2e.dev.terminal;

import dev.darkroom.e2e.dev.terminal.ImageProgress.Finishing;
import dev.darkroom.e2e.dev.terminal.ImageProgress.Ready;
import dev.darkroom.e2e.dev.terminal.ImageProgress.State;
import dev.darkroom.e2e.dev.terminal.ImageProgress.Stopped;
import dev.darkroom.e2e.dev.terminal.ImageProgress.Transferring;
import dev.darkroom.e2e.dev.terminal.ImageProgress.Waiting;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Shows imports as lines that are written once: one when something else begins, and one every few
 * seconds while bytes arrive. For files, pipes and terminals that can do no better.
 */
final class LineDisplay implements ProgressDisplay {

  private static final long BETWEEN_LINES = Duration.ofSeconds(5).toNanos();

  private final Terminal terminal;
  private final LongSupplier nanoTime;
  private final Map<String, Shown> shown = new HashMap<>();

  /** What was last said of an image, and when. */
  private record Shown(State state, long at) {}

  LineDisplay(Terminal terminal, LongSupplier nanoTime) {
    this.terminal = terminal;
    this.nanoTime = nanoTime;
  }

  @Override
  public void show(List<ImageProgress> images) {
    shown.keySet().retainAll(images.stream().map(ImageProgress::name).toList());
    for (ImageProgress image : images) {
      Shown before = shown.get(image.name());
      if (before == null || isNews(before, image.state())) {
        terminal.line("  " + image.name() + ": " + sentence(image.state()));
        shown.put(image.name(), new Shown(image.state(), nanoTime.getAsLong()));
      }
    }
  }

  private boolean isNews(Shown before, State now) {
    if (now instanceof Transferring && before.state() instanceof Transferring) {
      return !now.equals(before.state()) && nanoTime.getAsLong() - before.at() >= BETWEEN_LINES;
    }
    return !now.equals(before.state());
  }

  private String sentence(State state) {
    if (state instanceof Waiting waiting) {
      return waiting.reason();
    }
    if (state instanceof Transferring transferring) {
      return sentence(transferring);
    }
    if (state instanceof Finishing finishing) {
      return finishing.activity();
    }
    if (state instanceof Ready ready) {
      return "ready, " + Amounts.bytes(ready.bytes());
    }
    Stopped stopped = (Stopped) state;
    return "stopped, " + stopped.reason() + ": " + stopped.message();
  }

  private static String sentence(Transferring state) {
    StringBuilder sentence = new StringBuilder("importing, ");
    if (state.total().isPresent() && state.total().getAsLong() > 0) {
      long total = state.total().getAsLong();
      sentence
          .append(Amounts.bytesOf(state.bytes(), total))
          .append(" (")
          .append(state.bytes() * 100 / total)
          .append("%)");
    } else {
      sentence.append(Amounts.bytes(state.bytes()));
    }
    state
        .bytesPerSecond()
        .ifPresent(rate -> sentence.append(", ").append(Amounts.bytes(rate)).append("/s"));
    state
        .left()
        .ifPresent(left -> sentence.append(", ").append(Amounts.time(left)).append(" left"));
    return sentence.toString();
  }

  @Override
  public boolean isDrawing() {
    return false;
  }

  @Override
  public void close() {}
}
