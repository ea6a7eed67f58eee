package dev.darkroom.testing;

import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file that a {@link FaultyServer} serves correctly: whole or in ranges, with a strong entity
 * tag, {@code If-Range} and kept connections. Scripts of tests delegate to it, or fail instead.
 *
 * <pre>
 * FaultyServerFile file = new FaultyServerFile(bytes, "\"v1\"");
 * server.on("/disk", exchange -&gt; {
 *   if (third.getAndIncrement() == 2) { exchange.reset(); } else { file.play(exchange); }
 * });
 * </pre>
 */
public final class FaultyServerFile implements FaultyServer.Script {

  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

  private final byte[] bytes;
  private final String entityTag;

  /**
   * A file.
   *
   * @param entityTag the entity tag with its quotes
   */
  public FaultyServerFile(byte[] bytes, String entityTag) {
    this.bytes = bytes;
    this.entityTag = entityTag;
  }

  /** The requested bytes. */
  public record Asked(int first, int end) {

    /** Returns the number of bytes. */
    public int length() {
      return end - first;
    }
  }

  /** Returns the requested range of this file; empty without a range, or for another version. */
  public Optional<Asked> asked(FaultyExchange exchange) {
    boolean same = exchange.header("If-Range").map(entityTag::equals).orElse(true);
    return exchange.header("Range").filter(range -> same).flatMap(this::asked);
  }

  /** Sends the correct answer. */
  @Override
  public void play(FaultyExchange exchange) throws IOException {
    Optional<Asked> asked = asked(exchange);
    if (asked.isEmpty()) {
      whole(exchange).body(bytes);
    } else if (asked.get().length() <= 0) {
      exchange.keepAlive();
      exchange.head(416, "Content-Range: bytes */" + bytes.length, "Content-Length: 0");
    } else {
      partHead(exchange, asked.get()).body(bytes, asked.get().first(), asked.get().length());
    }
  }

  /** Sends the head of the answer to a request for all bytes. */
  public FaultyExchange whole(FaultyExchange exchange) throws IOException {
    if (exchange.header("Connection").filter("close"::equalsIgnoreCase).isEmpty()) {
      exchange.keepAlive();
    }
    return exchange.head(
        200, "Content-Length: " + bytes.length, "Accept-Ranges: bytes", "ETag: " + entityTag);
  }

  /** Sends the head of the answer to a request for a range. */
  public FaultyExchange partHead(FaultyExchange exchange, Asked asked) throws IOException {
    return exchange
        .keepAlive()
        .head(
            206,
            "Content-Length: " + asked.length(),
            "Content-Range: bytes %d-%d/%d".formatted(asked.first(), asked.end() - 1, bytes.length),
            "ETag: " + entityTag);
  }

  private Optional<Asked> asked(String range) {
    Matcher matcher = RANGE.matcher(range);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long first = Long.parseLong(matcher.group(1));
    long last = matcher.group(2).isEmpty() ? Long.MAX_VALUE - 1 : Long.parseLong(matcher.group(2));
    return Optional.of(
        new Asked((int) Math.min(first, bytes.length), (int) Math.min(last + 1, bytes.length)));
  }
}
