package dev.darkroom.e2e.scenario;

import dev.darkroom.testing.FaultyServer.Script;
import java.util.Arrays;

/** What a web server may do with a request for an image. */
final class Answers {

  private Answers() {}

  /** It gives it. */
  static Script bytes(Disk disk) {
    return exchange -> exchange.head(200, length(disk.size()), OCTETS).body(disk.bytes());
  }

  /** It refuses with a status and a page for people. */
  static Script status(int code) {
    String page = "<html><body>" + code + "</body></html>";
    return exchange -> exchange.head(code, length(page.length()), HTML).raw(page);
  }

  /** It is glad to show a page for people instead. */
  static Script loginPage() {
    String page = "<!DOCTYPE html>\n<html><body>Please log in.</body></html>\n";
    return exchange -> exchange.head(200, length(page.length()), HTML).raw(page);
  }

  /** It announces more than it gives, and closes in good order. */
  static Script shorterThanAnnounced(Disk disk) {
    return exchange -> exchange.head(200, length(disk.size() + 1000), OCTETS).body(disk.bytes());
  }

  /** It gives more than it announces. */
  static Script longerThanAnnounced(Disk disk) {
    return exchange -> exchange.head(200, length(disk.size() - 1000), OCTETS).body(disk.bytes());
  }

  /** The connection dies mid-way. */
  static Script deadMidway(Disk disk) {
    return exchange -> {
      byte[] half = Arrays.copyOf(disk.bytes(), disk.size() / 2);
      exchange.head(200, length(disk.size()), OCTETS).body(half).reset();
    };
  }

  static final String OCTETS = "Content-Type: application/octet-stream";
  private static final String HTML = "Content-Type: text/html";

  static String length(long bytes) {
    return "Content-Length: " + bytes;
  }
}
