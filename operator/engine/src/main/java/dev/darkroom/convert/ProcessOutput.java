package dev.darkroom.convert;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.DoubleConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the output of a program to its end, so that the program never blocks, and keeps little of
 * it: the progress, and the last line that is not about progress.
 */
final class ProcessOutput implements Runnable {

  private static final Pattern PROGRESS = Pattern.compile("\\(([0-9]{1,3}\\.[0-9]{2})/100%\\)");
  private static final Pattern PATHS = Pattern.compile("'?(file:)?/[^\\s':]*'?");
  private static final int LONGEST_LINE = 400;

  private final InputStream output;
  private final DoubleConsumer progress;
  private final StringBuilder line = new StringBuilder();
  private double done;
  private volatile String said = "";

  ProcessOutput(InputStream output, DoubleConsumer progress) {
    this.output = output;
    this.progress = progress;
  }

  @Override
  public void run() {
    byte[] buffer = new byte[8192];
    try (output) {
      for (int count = output.read(buffer); count >= 0; count = output.read(buffer)) {
        String text = new String(buffer, 0, count, StandardCharsets.ISO_8859_1);
        text.chars().forEach(this::take);
      }
    } catch (IOException e) {
      // The process was killed, which closed the stream.
    }
    endLine();
  }

  /** The last line that is not about progress, without paths; often empty. */
  String said() {
    return said;
  }

  private void take(int c) {
    if (c == '\n' || c == '\r') {
      endLine();
    } else if (line.length() < LONGEST_LINE) {
      line.append(c >= ' ' && c < 127 ? (char) c : '?');
    }
  }

  private void endLine() {
    String text = line.toString().strip();
    line.setLength(0);
    Matcher matcher = PROGRESS.matcher(text);
    if (matcher.matches()) {
      double now = Double.parseDouble(matcher.group(1)) / 100;
      if (now > done) {
        done = now;
        progress.accept(now);
      }
    } else if (!text.isEmpty()) {
      String plain = text.startsWith("qemu-img: ") ? text.substring("qemu-img: ".length()) : text;
      said = PATHS.matcher(plain).replaceAll("the file").replaceAll("\\.+$", "");
    }
  }
}
