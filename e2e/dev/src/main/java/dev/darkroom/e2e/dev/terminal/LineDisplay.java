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
 * Shows imports as lines: one for each change of state, and one every few seconds during a
 * transfer. For files, pipes and simple terminals.
 */
final class LineDisplay implements ProgressDisplay {

  private static final long BETWEEN_LINES = Duration.ofSeconds(5).toNanos();

  /** Shorter waits are not shown. */
  private static final long WORTH_A_LINE = Duration.ofSeconds(1).toNanos();

  private final Terminal terminal;
  private final LongSupplier nanoTime;
  private final Map<String, Seen> seen = new HashMap<>();
  private final Map<String, Seen> shown = new HashMap<>();

  /** The first and last states of an image with their times. */
  private record Seen(State state, long at) {}

  LineDisplay(Terminal terminal, LongSupplier nanoTime) {
    this.terminal = terminal;
    this.nanoTime = nanoTime;
  }

  @Override
  public void show(List<ImageProgress> images) {
    List<String> names = images.stream().map(ImageProgress::name).toList();
    seen.keySet().retainAll(names);
    shown.keySet().retainAll(names);
    long now = nanoTime.getAsLong();
    for (ImageProgress image : images) {
      Seen since = seen.get(image.name());
      if (since == null || !since.state().equals(image.state())) {
        since = new Seen(image.state(), now);
        seen.put(image.name(), since);
      }
      if (isNews(shown.get(image.name()), since, now)) {
        terminal.line("  " + image.name() + ": " + sentence(image.state()));
        shown.put(image.name(), new Seen(image.state(), now));
      }
    }
  }

  private static boolean isNews(Seen shown, Seen since, long now) {
    if (since.state() instanceof Waiting && now - since.at() < WORTH_A_LINE) {
      return false;
    }
    if (shown == null) {
      return true;
    }
    if (since.state() instanceof Transferring && shown.state() instanceof Transferring) {
      return !since.state().equals(shown.state()) && now - shown.at() >= BETWEEN_LINES;
    }
    return !since.state().equals(shown.state());
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
    return "stopped, " + stopped.reason();
  }

  private static String sentence(Transferring state) {
    StringBuilder sentence = new StringBuilder("importing ");
    long total = state.total().orElse(0);
    if (total > 0 && state.bytes() > 0) {
      sentence
          .append(Amounts.bytesOf(state.bytes(), total))
          .append(" (")
          .append(state.bytes() * 100 / total)
          .append("%)");
    } else {
      sentence.append(Amounts.bytes(Math.max(total, state.bytes())));
    }
    if (state.bytesPerSecond().orElse(0) > 0) {
      sentence.append(", ").append(Amounts.bytes(state.bytesPerSecond().getAsLong())).append("/s");
    }
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
  public void pause() {}
}
