package dev.darkroom.e2e.scenario;

import dev.darkroom.testing.FaultyServer.Script;
import java.util.Arrays;

/** Responses of a web server to a request for an image. */
public final class WebResponses {

  private WebResponses() {}

  /** Status 200 with all bytes. */
  public static Script bytes(Disk disk) {
    return exchange -> exchange.head(200, length(disk.size()), OCTETS).body(disk.bytes());
  }

  /** This status with an HTML page. */
  public static Script status(int code) {
    String page = "<html><body>" + code + "</body></html>";
    return exchange -> exchange.head(code, length(page.length()), HTML).raw(page);
  }

  /** Status 200 with an HTML page in place of the image. */
  public static Script loginPage() {
    String page = "<!DOCTYPE html>\n<html><body>Please log in.</body></html>\n";
    return exchange -> exchange.head(200, length(page.length()), HTML).raw(page);
  }

  /** Content-Length is 1000 larger than the body; the connection closes regularly. */
  public static Script shorterThanAnnounced(Disk disk) {
    return exchange -> exchange.head(200, length(disk.size() + 1000), OCTETS).body(disk.bytes());
  }

  /** Content-Length is 1000 smaller than the body. */
  public static Script longerThanAnnounced(Disk disk) {
    return exchange -> exchange.head(200, length(disk.size() - 1000), OCTETS).body(disk.bytes());
  }

  /** Connection reset after half the body. */
  public static Script deadMidway(Disk disk) {
    return exchange -> {
      byte[] half = Arrays.copyOf(disk.bytes(), disk.size() / 2);
      exchange.head(200, length(disk.size()), OCTETS).body(half).reset();
    };
  }

  /** The Content-Type header of binary content. */
  public static final String OCTETS = "Content-Type: application/octet-stream";

  private static final String HTML = "Content-Type: text/html";

  /** The Content-Length header. */
  public static String length(long bytes) {
    return "Content-Length: " + bytes;
  }
}
