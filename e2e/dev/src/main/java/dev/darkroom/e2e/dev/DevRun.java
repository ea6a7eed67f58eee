package dev.darkroom.e2e.dev;

import dev.darkroom.e2e.dev.DevOptions.Ending.WhenSettled;
import dev.darkroom.e2e.dev.terminal.ProgressDisplay;
import dev.darkroom.e2e.dev.terminal.Terminal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.ExitCode;

/** One run of the program. */
final class DevRun {

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
  private static final Duration SHUTDOWN_PATIENCE = Duration.ofSeconds(30);

  private final DevOptions options;
  private final Terminal terminal;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);

  DevRun(DevOptions options, Terminal terminal) {
    this.options = options;
    this.terminal = terminal;
  }

  /**
   * Runs to the end, or until a signal.
   *
   * @return the exit code
   * @throws InputException if the input is invalid
   */
  int run() {
    // The hook delays the exit until everything is closed.
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "shutdown"));
    try (DevSession session = DevSession.start(options)) {
      return run(session);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.SOFTWARE;
    } finally {
      stopped.countDown();
    }
  }

  private void close() {
    stop.countDown();
    try {
      stopped.await(SHUTDOWN_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private int run(DevSession session) throws InterruptedException {
    Narration narration = new Narration(terminal, options, session);
    narration.begin();
    List<Applied> applied = session.apply();
    narration.applied(applied);
    try (ProgressDisplay display = ProgressDisplay.on(terminal)) {
      Settlement settlement = follow(session, applied, display);
      if (isStopping()) {
        return ExitCode.OK;
      }
      display.pause();
      narration.end(settlement);
      if (options.ending() instanceof WhenSettled) {
        return settlement.isGood() ? ExitCode.OK : ExitCode.SOFTWARE;
      }
      stay(session, narration, display);
    }
    terminal.line("");
    terminal.line("Stopped.");
    return ExitCode.OK;
  }

  /** Shows the imports until all applied objects are settled, or until the timeout. */
  private Settlement follow(DevSession session, List<Applied> applied, ProgressDisplay display)
      throws InterruptedException {
    long begin = System.nanoTime();
    while (true) {
      display.show(ImportProgressView.of(session.objects()));
      Settlement settlement = Settlement.of(applied, session.objects());
      if (settlement.isOver() || isOverdue(begin)) {
        display.show(ImportProgressView.of(session.objects()));
        return settlement;
      }
      if (stop.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS)) {
        return settlement;
      }
    }
  }

  private boolean isOverdue(long begin) {
    return options.ending() instanceof WhenSettled settled
        && System.nanoTime() - begin > settled.timeout().toNanos();
  }

  /** Shows objects of other clients until a signal. */
  private void stay(DevSession session, Narration narration, ProgressDisplay display)
      throws InterruptedException {
    do {
      display.show(ImportProgressView.of(session.objects()));
      if (!display.isDrawing()) {
        narration.writeErrors();
      }
    } while (!stop.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS));
  }

  private boolean isStopping() {
    return stop.getCount() == 0;
  }
}
