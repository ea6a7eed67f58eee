package dev.darkroom.e2e.dev.terminal;

import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jline.terminal.TerminalBuilder;

/**
 * What standard output leads to, and what may be written there.
 *
 * @param out where to write
 * @param abilities what is understood at its other end
 */
public record Terminal(PrintStream out, Set<Ability> abilities) {

  /** Columns of a terminal that does not say how many it has, as of old. */
  private static final int USUAL_WIDTH = 80;

  private static final String TICKS_AND_BARS = "✓✗━·…";

  /** What a terminal may understand beyond lines of ASCII. */
  public enum Ability {
    /** Lines already written can be written again. */
    CURSOR,
    /** Colours are shown, and wanted. */
    COLOUR,
    /** Characters beyond ASCII arrive as they are. */
    UNICODE
  }

  /** Copies the set. */
  public Terminal {
    abilities = Set.copyOf(abilities);
  }

  /**
   * Finds out what this process's standard output can do.
   *
   * @param environment {@code TERM=dumb} and {@code NO_COLOR} (https://no-color.org) are heeded
   */
  public static Terminal ofThisProcess(Map<String, String> environment) {
    EnumSet<Ability> abilities = EnumSet.noneOf(Ability.class);
    if (isInteractive() && !"dumb".equals(environment.getOrDefault("TERM", "dumb"))) {
      abilities.add(Ability.CURSOR);
      if (environment.getOrDefault("NO_COLOR", "").isEmpty()) {
        abilities.add(Ability.COLOUR);
      }
    }
    if (charsetOfOutput().newEncoder().canEncode(TICKS_AND_BARS)) {
      abilities.add(Ability.UNICODE);
    }
    return new Terminal(System.out, abilities);
  }

  private static boolean isInteractive() {
    return Optional.ofNullable(System.console()).map(Terminal::isTerminal).orElse(false);
  }

  /** Since Java 22 there may be a console without a terminal, which only it itself can tell. */
  private static boolean isTerminal(Console console) {
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  /** The first that this version of Java sets; none says it in one way. */
  private static Charset charsetOfOutput() {
    return Stream.of("stdout.encoding", "sun.stdout.encoding")
        .map(System::getProperty)
        .filter(name -> name != null && Charset.isSupported(name))
        .findFirst()
        .map(Charset::forName)
        .orElse(Charset.defaultCharset());
  }

  /** Whether it has the ability. */
  public boolean can(Ability ability) {
    return abilities.contains(ability);
  }

  /** Columns to write in: what the terminal has, or more than anybody needs where lines go on. */
  public int width() {
    if (!can(Ability.CURSOR)) {
      return Integer.MAX_VALUE;
    }
    try (org.jline.terminal.Terminal terminal = TerminalBuilder.builder().dumb(true).build()) {
      return terminal.getWidth() > 0 ? terminal.getWidth() : USUAL_WIDTH;
    } catch (IOException e) {
      return USUAL_WIDTH;
    }
  }

  /** Writes a line. */
  public void line(String text) {
    out.println(text);
  }

  /** The text in a tone, where colours are shown. */
  public String toned(Tone tone, String text) {
    return can(Ability.COLOUR) && !text.isEmpty()
        ? tone.sequence() + text + Tone.PLAIN.sequence()
        : text;
  }

  /** A mark before something that went well. */
  public String tick() {
    return can(Ability.UNICODE) ? "✓" : "+";
  }

  /** A mark before something that went wrong. */
  public String cross() {
    return can(Ability.UNICODE) ? "✗" : "x";
  }
}
