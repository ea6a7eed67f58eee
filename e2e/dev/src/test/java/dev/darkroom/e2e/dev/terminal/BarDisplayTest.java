package dev.darkroom.e2e.dev.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.e2e.dev.terminal.ImageProgress.Ready;
import dev.darkroom.e2e.dev.terminal.ImageProgress.State;
import dev.darkroom.e2e.dev.terminal.ImageProgress.Stopped;
import dev.darkroom.e2e.dev.terminal.ImageProgress.Transferring;
import dev.darkroom.e2e.dev.terminal.ImageProgress.Waiting;
import dev.darkroom.e2e.dev.terminal.Terminal.Ability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BarDisplayTest {

  private static final long MIB = 1 << 20;
  private static final String ESCAPE = "\033\\[[0-9;]*m";
  private static final State HALF =
      new Transferring(
          50 * MIB,
          OptionalLong.of(100 * MIB),
          OptionalLong.of(10 * MIB),
          Optional.of(Duration.ofSeconds(5)));

  @Test
  void drawsAsMuchOfTheBarAsThereIsOfTheImage() {
    assertThat(rendered(HALF, 80))
        .isEqualTo(
            ("  - hello   50% " + "=".repeat(12) + "-".repeat(12))
                + "  50.0/100 MiB  10.0 MiB/s  5 s left"
                + "    ");
  }

  @Test
  void saysWhyNothingMoves() {
    assertThat(rendered(new Waiting("SourceUnavailable: 503"), 80).trim())
        .isEqualTo("- hello  SourceUnavailable: 503");
  }

  @Test
  void marksWhatIsOver() {
    assertThat(rendered(new Ready(100 * MIB), 80)).startsWith("  + hello  100% ===");
    assertThat(rendered(new Stopped("UnsafeImage", "It is not safe."), 80))
        .startsWith("  x hello")
        .contains("UnsafeImage");
  }

  /** What the library does not bear: see {@link TonedLine}. */
  @ParameterizedTest
  @ValueSource(ints = {10, 20, 40, 79, 119, 400})
  void fillsEveryWidthExactlyAndNeverEndsInAnEscape(int width) {
    for (State state :
        List.of(HALF, new Waiting("queued"), new Ready(MIB), new Stopped("SizeMismatch", "x"))) {
      String line = rendered(state, width, Ability.COLOUR, Ability.UNICODE);

      assertThat(line.replaceAll(ESCAPE, "")).hasSize(width);
      assertThat(line).doesNotContainPattern(ESCAPE + ESCAPE).doesNotContainPattern(ESCAPE + "$");
    }
  }

  @Test
  void leavesAFinishedBarAndIsThenDoneWithIt() {
    TerminalOutput output = new TerminalOutput(Ability.CURSOR);
    try (BarDisplay display = new BarDisplay(output.terminal())) {
      display.show(List.of(new ImageProgress("hello", HALF)));
      assertThat(display.isDrawing()).isTrue();

      display.show(List.of(new ImageProgress("hello", new Ready(100 * MIB))));
      display.show(List.of(new ImageProgress("hello", new Ready(100 * MIB))));
      assertThat(display.isDrawing()).isFalse();
    }
    assertThat(String.join("\n", output.lines())).contains("+ hello  100%");
  }

  @Test
  void letsGoOfAnImageThatIsGone() {
    TerminalOutput output = new TerminalOutput(Ability.CURSOR);
    try (BarDisplay display = new BarDisplay(output.terminal())) {
      display.show(List.of(new ImageProgress("hello", HALF)));

      display.show(List.of());

      assertThat(display.isDrawing()).isFalse();
    }
  }

  @Test
  void stopsDrawingWhileOthersWriteAndGoesOnBelow() {
    TerminalOutput output = new TerminalOutput(Ability.CURSOR);
    try (BarDisplay display = new BarDisplay(output.terminal())) {
      display.show(List.of(new ImageProgress("hello", HALF)));

      display.pause();
      assertThat(display.isDrawing()).isFalse();
      output.terminal().line("others");
      display.show(List.of(new ImageProgress("hello", new Ready(100 * MIB))));
    }
    assertThat(String.join("\n", output.lines())).containsSubsequence("50%", "others", "100%");
  }

  /** One line of that width, as the library has it drawn. */
  private static String rendered(State state, int width, Ability... abilities) {
    Terminal terminal = new TerminalOutput(abilities).terminal();
    List<String> drawn = new ArrayList<>();
    BarRenderer renderer = new BarRenderer(terminal, new ImageProgress("hello", state), 5);
    try (ProgressBar bar =
        new ProgressBarBuilder()
            .setInitialMax(-1)
            .setRenderer((progress, length) -> renderer.render(progress, width))
            .setConsumer(new DelegatingProgressBarConsumer(drawn::add, width))
            .build()) {
      BarDisplay.advance(bar, state);
    }
    return drawn.get(drawn.size() - 1);
  }
}
