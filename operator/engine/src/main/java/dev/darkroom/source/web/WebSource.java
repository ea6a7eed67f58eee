package dev.darkroom.source.web;

import dev.darkroom.source.ByteRange;
import dev.darkroom.source.Source;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.core5.http.HttpHeaders;

/**
 * The bytes of a URL: the body of the 200 answer to a plain GET, after redirects, without a content
 * coding; or of the 206 answer to a range request. The body has the announced length, or a read
 * fails.
 */
public final class WebSource implements Source {

  private final WebAddress address;
  private final RedirectChain redirects;

  /**
   * The target of the redirects of the last range request. Later ranges of the same version start
   * there; when that no longer works (signed URLs expire), at the URL itself again.
   */
  private final AtomicReference<WebAddress> shortcut;

  /**
   * Checks the URL; sends no request.
   *
   * @throws SourceException {@code INVALID} for a URL that is not allowed
   */
  public WebSource(String url, WebClient client) throws SourceException {
    this(url, client, WebOptions.none());
  }

  /**
   * Checks the URL; sends no request.
   *
   * @throws SourceException {@code INVALID} for a URL that is not allowed
   */
  public WebSource(String url, WebClient client, WebOptions options) throws SourceException {
    this.address = WebAddress.parse(url);
    this.redirects = new RedirectChain(client, address, options);
    this.shortcut = new AtomicReference<>(address);
  }

  @Override
  public SourceBody open() throws SourceException, InterruptedException {
    WebExchange exchange = redirects.follow(address, Map.of(), WebRequest.Reuse.NONE);
    return WebAnswer.read(exchange, WebAnswer::whole);
  }

  @Override
  public SourceBody open(ByteRange range, Optional<String> validator)
      throws SourceException, InterruptedException {
    WebAddress start = shortcut.get();
    if (validator.isPresent() && !start.equals(address)) {
      try {
        return part(start, range, validator);
      } catch (SourceException e) {
        shortcut.compareAndSet(start, address);
        if (!mayHaveExpired(e)) {
          throw e;
        }
      }
    }
    return part(address, range, validator);
  }

  /** Returns the URL without its query. */
  @Override
  public String describe() {
    return address.toString();
  }

  @Override
  public String toString() {
    return describe();
  }

  private SourceBody part(WebAddress start, ByteRange range, Optional<String> validator)
      throws SourceException, InterruptedException {
    Map<String, String> headers =
        validator.isPresent()
            ? Map.of(
                HttpHeaders.RANGE, header(range), HttpHeaders.IF_RANGE, validator.orElseThrow())
            : Map.of(HttpHeaders.RANGE, header(range));
    WebExchange exchange = redirects.follow(start, headers, WebRequest.Reuse.KEEP);
    SourceBody body = WebAnswer.read(exchange, answer -> WebAnswer.part(answer, range, validator));
    shortcut.set(exchange.address());
    return body;
  }

  private static boolean mayHaveExpired(SourceException e) {
    return e.kind() == Kind.FORBIDDEN || e.kind() == Kind.NOT_FOUND || e.kind() == Kind.INVALID;
  }

  /** RFC 9110, section 14.1.2: from the first to the last, both counted from 0. */
  private static String header(ByteRange range) {
    return "bytes=" + range.offset() + "-" + (range.isOpenEnded() ? "" : range.end() - 1);
  }
}
