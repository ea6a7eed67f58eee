package dev.darkroom.e2e.dev.terminal;

import dev.darkroom.e2e.dev.terminal.Terminal.Ability;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** A terminal whose output can be read. */
final class TerminalOutput {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final Terminal terminal;

  TerminalOutput(Ability... abilities) {
    terminal =
        new Terminal(new PrintStream(bytes, true, StandardCharsets.UTF_8), Set.of(abilities));
  }

  Terminal terminal() {
    return terminal;
  }

  List<String> lines() {
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
