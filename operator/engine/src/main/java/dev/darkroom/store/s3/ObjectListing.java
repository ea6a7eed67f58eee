package dev.darkroom.store.s3;

import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Lists the objects whose names start with a prefix, in the order of their names, page by page. A
 * server that makes no progress from page to page is an error, so that no loop is endless.
 */
final class ObjectListing {

  /** The most consecutive pages without an object. */
  private static final int MAX_EMPTY_PAGES = 100;

  private final Bucket bucket;
  private final String prefix;
  private Iterator<S3Object> page = List.<S3Object>of().iterator();
  private Optional<String> continuation = Optional.empty();
  private boolean ended;
  private int emptyPages;
  private String last = "";
  private Instant serverTime = Instant.now();

  ObjectListing(Bucket bucket, String prefix) {
    this.bucket = bucket;
    this.prefix = prefix;
  }

  /** An object and the time of its last write, by the server's clock. */
  record Found(String name, Instant modified) {}

  /** Returns the next object, if there is one. */
  Optional<Found> next() throws StoreException {
    while (!page.hasNext()) {
      if (ended) {
        return Optional.empty();
      }
      readPage();
    }
    S3Object object = page.next();
    if (isBefore(object.key(), last)) {
      throw bucket
          .errors()
          .of(Kind.UNAVAILABLE, "the server lists " + object.key() + " after " + last);
    }
    last = object.key();
    return Optional.of(
        new Found(object.key(), Optional.ofNullable(object.lastModified()).orElse(serverTime)));
  }

  /** Compares by the bytes of UTF-8, as servers do. */
  private static boolean isBefore(String name, String last) {
    return Arrays.compareUnsigned(
            name.getBytes(StandardCharsets.UTF_8), last.getBytes(StandardCharsets.UTF_8))
        <= 0;
  }

  void forEachRemaining(Consumer<Found> action) throws StoreException {
    for (Optional<Found> found = next(); found.isPresent(); found = next()) {
      action.accept(found.get());
    }
  }

  /** Returns the server's time at the listing of the current page. */
  Instant serverTime() {
    return serverTime;
  }

  private void readPage() throws StoreException {
    ListObjectsV2Response response = bucket.list(prefix, continuation);
    emptyPages = response.contents().isEmpty() ? emptyPages + 1 : 0;
    serverTime = serverTime(response);
    page = response.contents().iterator();
    Optional<String> next =
        Optional.ofNullable(response.nextContinuationToken()).filter(token -> !token.isEmpty());
    ended = !Boolean.TRUE.equals(response.isTruncated());
    if (!ended && (next.isEmpty() || next.equals(continuation) || emptyPages > MAX_EMPTY_PAGES)) {
      throw bucket.errors().of(Kind.UNAVAILABLE, "the server's list does not end");
    }
    continuation = next;
  }

  private static Instant serverTime(ListObjectsV2Response response) {
    return response
        .sdkHttpResponse()
        .firstMatchingHeader("Date")
        .flatMap(ObjectListing::parsed)
        .orElseGet(Instant::now);
  }

  private static Optional<Instant> parsed(String date) {
    try {
      return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
