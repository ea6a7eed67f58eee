package dev.darkroom.e2e.dev.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.e2e.dev.terminal.ImageProgress.Finishing;
import dev.darkroom.e2e.dev.terminal.ImageProgress.Ready;
import dev.darkroom.e2e.dev.terminal.ImageProgress.State;
import dev.darkroom.e2e.dev.terminal.ImageProgress.Stopped;
import dev.darkroom.e2e.dev.terminal.ImageProgress.Transferring;
import dev.darkroom.e2e.dev.terminal.ImageProgress.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LineDisplayTest {

  private static final long MIB = 1 << 20;

  private final TerminalOutput output = new TerminalOutput();
  private Duration now = Duration.ZERO;
  private final LineDisplay display = new LineDisplay(output.terminal(), () -> now.toNanos());

  @Test
  void tellsAnImportInAHandfulOfLines() {
    show(new Waiting("queued"));
    after("PT0.1S").show(transferring(0));
    after("PT1S").show(transferring(10));
    after("PT5S").show(transferring(60));
    after("PT1S").show(transferring(70));
    after("PT1S").show(new Finishing(100 * MIB, "verifying"));
    after("PT1S").show(new Ready(100 * MIB));
    after("PT1S").show(new Ready(100 * MIB));

    assertThat(output.lines())
        .containsExactly(
            "  hello: importing 100 MiB",
            "  hello: importing 60.0/100 MiB (60%), 10.0 MiB/s, 4 s left",
            "  hello: verifying",
            "  hello: ready, 100 MiB");
  }

  @Test
  void tellsAWaitOnlyWhenItLasts() {
    show(new Waiting("SourceUnavailable: 503"));
    after("PT0.9S").show(new Waiting("SourceUnavailable: 503"));
    assertThat(output.lines()).isEmpty();

    after("PT0.2S").show(new Waiting("SourceUnavailable: 503"));
    after("PT60S").show(new Waiting("SourceUnavailable: 503"));

    assertThat(output.lines()).containsExactly("  hello: SourceUnavailable: 503");
  }

  @Test
  void tellsWhyItStopped() {
    show(new Stopped("ChecksumMismatch", "It should be another."));

    assertThat(output.lines()).containsExactly("  hello: stopped, ChecksumMismatch");
  }

  @Test
  void tellsOfAnImageThatCameBackUnderTheSameName() {
    show(new Ready(MIB));
    display.show(List.of());
    show(new Ready(MIB));

    assertThat(output.lines()).hasSize(2);
  }

  private LineDisplayTest after(String time) {
    now = now.plus(Duration.parse(time));
    return this;
  }

  private void show(State state) {
    display.show(List.of(new ImageProgress("hello", state)));
  }

  private static State transferring(long mebibytes) {
    return new Transferring(
        mebibytes * MIB,
        OptionalLong.of(100 * MIB),
        mebibytes == 0 ? OptionalLong.of(0) : OptionalLong.of(10 * MIB),
        mebibytes == 0
            ? Optional.empty()
            : Optional.of(Duration.ofSeconds((100 - mebibytes) / 10)));
  }
}
