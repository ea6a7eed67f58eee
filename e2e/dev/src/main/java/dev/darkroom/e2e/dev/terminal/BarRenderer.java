package dev.darkroom.e2e.dev.terminal;

import dev.darkroom.e2e.dev.terminal.ImageProgress.Finishing;
import dev.darkroom.e2e.dev.terminal.ImageProgress.Ready;
import dev.darkroom.e2e.dev.terminal.ImageProgress.State;
import dev.darkroom.e2e.dev.terminal.ImageProgress.Stopped;
import dev.darkroom.e2e.dev.terminal.ImageProgress.Transferring;
import dev.darkroom.e2e.dev.terminal.ImageProgress.Waiting;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBarRenderer;
import me.tongfei.progressbar.ProgressState;

/**
 * Renders the line of one import: mark, name, share, bar, bytes, rate and time left. One thread
 * sets the state, the library's thread draws it.
 */
final class BarRenderer implements ProgressBarRenderer {

  /** Room for {@code 99.9/100 MiB 99.9 MiB/s 1:03:20 h left}. */
  private static final int TEXT_WIDTH = 38;

  /** The columns after the name, if the name has more than its minimum. */
  private static final int BESIDES_NAME = 62;

  private static final int LEAST_FOR_NAME = 12;
  private static final int SHORTEST_BAR = 8;
  private static final int LONGEST_BAR = 48;

  private final Terminal terminal;
  private final String name;
  private final int nameWidth;
  private volatile State state;

  BarRenderer(Terminal terminal, ImageProgress image, int nameWidth) {
    this.terminal = terminal;
    this.name = image.name();
    this.nameWidth = nameWidth;
    this.state = image.state();
  }

  private String fittedName(int lineWidth) {
    return fitted(name, Math.min(nameWidth, Math.max(LEAST_FOR_NAME, lineWidth - BESIDES_NAME)));
  }

  private String fitted(String text, int width) {
    String end = terminal.can(Terminal.Ability.UNICODE) ? "…" : "~";
    return text.length() > width
        ? text.substring(0, width - 1) + end
        : text + " ".repeat(width - text.length());
  }

  /** Sets the state for the next drawing. */
  void show(State next) {
    state = next;
  }

  @Override
  public String render(ProgressState progress, int maxLength) {
    State now = state;
    TonedLine line = new TonedLine(terminal, maxLength);
    line.add(Tone.PLAIN, "  ")
        .add(tone(now), mark(now))
        .add(Tone.PLAIN, " " + fittedName(maxLength) + "  ");
    if (now instanceof Waiting waiting) {
      return line.add(Tone.FAINT, waiting.reason()).filled();
    }
    addBar(line, now, progress);
    return line.add(Tone.PLAIN, "  " + text(now, progress)).filled();
  }

  private void addBar(TonedLine line, State now, ProgressState progress) {
    boolean known = progress.getMax() > 0;
    double share = known ? Math.min(1, (double) progress.getCurrent() / progress.getMax()) : 0;
    line.add(
        Tone.PLAIN,
        known ? String.format(Locale.ROOT, "%3d%% ", (int) Math.floor(share * 100)) : "     ");

    int width = Math.min(LONGEST_BAR, Math.max(SHORTEST_BAR, line.room() - TEXT_WIDTH - 2));
    boolean unicode = terminal.can(Terminal.Ability.UNICODE);
    String full = unicode ? "━" : "=";
    String rest = terminal.can(Terminal.Ability.COLOUR) && unicode ? "━" : unicode ? "─" : "-";
    if (known || now instanceof Stopped) {
      int done = (int) Math.floor(share * width);
      line.add(tone(now), full.repeat(done)).add(Tone.FAINT, rest.repeat(width - done));
    } else {
      int block = Math.min(width, SHORTEST_BAR / 2);
      int steps = width - block;
      int at = steps == 0 ? 0 : (int) (progress.getElapsedAfterStart().toMillis() / 100 % steps);
      line.add(Tone.FAINT, rest.repeat(at))
          .add(tone(now), full.repeat(block))
          .add(Tone.FAINT, rest.repeat(steps - at));
    }
  }

  private String text(State now, ProgressState progress) {
    if (now instanceof Transferring transferring) {
      return text(transferring);
    }
    if (now instanceof Finishing finishing) {
      return Amounts.bytes(finishing.bytes()) + ", " + finishing.activity();
    }
    if (now instanceof Ready ready) {
      return Amounts.bytes(ready.bytes()) + " in " + Amounts.time(progress.getTotalElapsed());
    }
    return now instanceof Stopped stopped ? stopped.reason() : "";
  }

  private static String text(Transferring now) {
    StringBuilder text = new StringBuilder();
    text.append(
        now.total().isPresent()
            ? Amounts.bytesOf(now.bytes(), now.total().getAsLong())
            : Amounts.bytes(now.bytes()));
    if (now.bytesPerSecond().orElse(0) > 0) {
      text.append("  " + Amounts.bytes(now.bytesPerSecond().getAsLong()) + "/s");
    }
    now.left().ifPresent(left -> text.append("  " + Amounts.time(left) + " left"));
    return text.toString();
  }

  private String mark(State now) {
    if (now instanceof Ready) {
      return terminal.tick();
    }
    if (now instanceof Stopped) {
      return terminal.cross();
    }
    return terminal.can(Terminal.Ability.UNICODE) ? "·" : "-";
  }

  private static Tone tone(State now) {
    if (now instanceof Ready) {
      return Tone.GOOD;
    }
    return now instanceof Stopped ? Tone.BAD : Tone.BUSY;
  }
}
