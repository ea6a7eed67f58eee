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
 * The standard output and its abilities.
 *
 * @param out the output
 * @param abilities the abilities of its receiver
 */
public record Terminal(PrintStream out, Set<Ability> abilities) {

  /** The width of a terminal of unknown size. */
  private static final int USUAL_WIDTH = 80;

  private static final String TICKS_AND_BARS = "✓✗━·…";

  /** Abilities beyond lines of ASCII. */
  public enum Ability {
    /** Written lines can be overwritten. */
    CURSOR,
    /** Colours are supported and enabled. */
    COLOUR,
    /** Non-ASCII characters are supported. */
    UNICODE
  }

  /** Copies the set. */
  public Terminal {
    abilities = Set.copyOf(abilities);
  }

  /**
   * Detects the abilities of this process's standard output.
   *
   * @param environment respects {@code TERM=dumb} and {@code NO_COLOR} (https://no-color.org)
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

  /** Since Java 22 a console may exist without a terminal; only the console can tell. */
  private static boolean isTerminal(Console console) {
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  /** The first property set by this version of Java. */
  private static Charset charsetOfOutput() {
    return Stream.of("stdout.encoding", "sun.stdout.encoding")
        .map(System::getProperty)
        .filter(name -> name != null && Charset.isSupported(name))
        .findFirst()
        .map(Charset::forName)
        .orElse(Charset.defaultCharset());
  }

  /** Whether the terminal has the ability. */
  public boolean can(Ability ability) {
    return abilities.contains(ability);
  }

  /** The width in columns; unlimited where lines do not wrap. */
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

  /** The text in a tone, if colours are enabled. */
  public String toned(Tone tone, String text) {
    return can(Ability.COLOUR) && !text.isEmpty()
        ? tone.sequence() + text + Tone.PLAIN.sequence()
        : text;
  }

  /** The mark of a success. */
  public String tick() {
    return can(Ability.UNICODE) ? "✓" : "+";
  }

  /** The mark of a failure. */
  public String cross() {
    return can(Ability.UNICODE) ? "✗" : "x";
  }
}
