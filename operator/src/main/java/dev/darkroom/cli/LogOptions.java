package dev.darkroom.cli;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import picocli.CommandLine.Option;

/** Options for the log of a command. */
public final class LogOptions {

  /** The format of a line. */
  public enum Format {
    /** Text for people. */
    TEXT,
    /** One JSON object a line. */
    JSON
  }

  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX,UTC} %-5level %logger{0} [%mdc] %msg%n%ex{short}";

  @Option(
      names = "--log-format",
      defaultValue = "TEXT",
      description = "Format of the log on standard error: ${COMPLETION-CANDIDATES}. Default: TEXT.")
  private Format format = Format.TEXT;

  @Option(
      names = "--log-level",
      defaultValue = "INFO",
      description = "Lowest severity that is logged: ${COMPLETION-CANDIDATES}. Default: INFO.")
  private Level level = Level.INFO;

  /** Logs to standard error with these options, from now on. */
  public void apply() {
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setTarget("System.err");
    begin(console, format, level);
  }

  /** Logs only warnings and errors to standard error, from now on. */
  static void onlyWarnings() {
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setTarget("System.err");
    begin(console, Format.TEXT, Level.WARN);
  }

  /** Logs to a file as text, from now on. */
  public static void toFile(Path file) {
    FileAppender<ILoggingEvent> appender = new FileAppender<>();
    appender.setFile(file.toString());
    appender.setAppend(false);
    begin(appender, Format.TEXT, Level.INFO);
  }

  private static void begin(
      OutputStreamAppender<ILoggingEvent> appender, Format format, Level level) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    Encoder<ILoggingEvent> encoder = encoder(format, context);
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.start();
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    set(root, Level.WARN);
    root.addAppender(appender);
    set(context.getLogger("dev.darkroom"), level);
    // It warns of every alpha version, also of darkroom.dev/v1alpha1.
    set(
        context.getLogger("io.fabric8.kubernetes.client.dsl.internal.VersionUsageUtils"),
        Level.ERROR);
  }

  private static void set(ch.qos.logback.classic.Logger logger, Level level) {
    logger.setLevel(ch.qos.logback.classic.Level.convertAnSLF4JLevel(level));
  }

  private static Encoder<ILoggingEvent> encoder(Format format, LoggerContext context) {
    if (format == Format.JSON) {
      JsonEncoder json = new JsonEncoder();
      json.setContext(context);
      // Formatted: a raw message has placeholders.
      json.setWithFormattedMessage(true);
      json.setWithMessage(false);
      json.setWithArguments(false);
      json.setWithContext(false);
      json.setWithNanoseconds(false);
      json.setWithSequenceNumber(false);
      json.start();
      return json;
    }
    PatternLayoutEncoder text = new PatternLayoutEncoder();
    text.setContext(context);
    text.setPattern(PATTERN);
    text.start();
    return text;
  }
}
