package dev.darkroom.e2e.dev.terminal;

import dev.darkroom.e2e.dev.terminal.ImageProgress.Finishing;
import dev.darkroom.e2e.dev.terminal.ImageProgress.Ready;
import dev.darkroom.e2e.dev.terminal.ImageProgress.State;
import dev.darkroom.e2e.dev.terminal.ImageProgress.Transferring;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import me.tongfei.progressbar.InteractiveConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** Shows one progress bar per import; a finished import keeps a full bar. */
final class BarDisplay implements ProgressDisplay {

  private static final int REDRAW_MILLIS = 100;

  /** The library would query the width at every drawing, each time with a child process. */
  private static final long WIDTH_HOLDS = Duration.ofSeconds(3).toNanos();

  private final Terminal terminal;
  private final Map<String, Bar> bars = new LinkedHashMap<>();
  private final Set<String> over = new HashSet<>();
  private volatile int width;
  private long widthKnownAt;

  private record Bar(ProgressBar bar, BarRenderer renderer) {}

  BarDisplay(Terminal terminal) {
    this.terminal = terminal;
    this.width = terminal.width();
    this.widthKnownAt = System.nanoTime();
  }

  @Override
  public void show(List<ImageProgress> images) {
    int nameWidth = images.stream().mapToInt(image -> image.name().length()).max().orElse(0);
    List<String> names = images.stream().map(ImageProgress::name).toList();
    over.retainAll(names);
    closeAllBut(names);
    followWidth();
    for (ImageProgress image : images) {
      if (!image.isOver()) {
        over.remove(image.name());
      } else if (over.contains(image.name())) {
        continue;
      }
      Bar bar = bars.computeIfAbsent(image.name(), name -> draw(image, nameWidth));
      bar.renderer().show(image.state());
      advance(bar.bar(), image.state());
      if (image.isOver()) {
        bars.remove(image.name()).bar().close();
        over.add(image.name());
      }
    }
  }

  private void closeAllBut(List<String> names) {
    bars.entrySet()
        .removeIf(
            entry -> {
              if (names.contains(entry.getKey())) {
                return false;
              }
              entry.getValue().bar().close();
              return true;
            });
  }

  private void followWidth() {
    if (isDrawing() && System.nanoTime() - widthKnownAt > WIDTH_HOLDS) {
      width = terminal.width();
      widthKnownAt = System.nanoTime();
    }
  }

  private Bar draw(ImageProgress image, int nameWidth) {
    BarRenderer renderer = new BarRenderer(terminal, image, nameWidth);
    ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName(image.name())
            .setInitialMax(-1)
            .setUpdateIntervalMillis(REDRAW_MILLIS)
            .continuousUpdate()
            .setRenderer(renderer)
            .setConsumer(new Line())
            .build();
    return new Bar(bar, renderer);
  }

  /** Updates the library's bar. */
  static void advance(ProgressBar bar, State state) {
    if (state instanceof Transferring transferring) {
      bar.maxHint(transferring.total().orElse(-1));
      bar.stepTo(transferring.bytes());
    } else if (state instanceof Finishing finishing) {
      bar.maxHint(finishing.bytes());
      bar.stepTo(finishing.bytes());
    } else if (state instanceof Ready ready) {
      bar.maxHint(ready.bytes());
      bar.stepTo(ready.bytes());
    }
  }

  @Override
  public boolean isDrawing() {
    return !bars.isEmpty();
  }

  @Override
  public void pause() {
    bars.values().forEach(bar -> bar.bar().close());
    bars.clear();
  }

  /** A line that is redrawn in place, one column shorter than the terminal. */
  private final class Line extends InteractiveConsoleProgressBarConsumer {

    Line() {
      super(terminal.out());
    }

    @Override
    public int getMaxRenderedLength() {
      return Math.max(1, width - 1);
    }
  }
}
