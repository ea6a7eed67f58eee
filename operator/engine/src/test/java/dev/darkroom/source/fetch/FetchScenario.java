package dev.darkroom.source.fetch;

import static dev.darkroom.source.fetch.Bodies.randomBytes;
import static dev.darkroom.source.fetch.Bodies.readAll;
import static dev.darkroom.source.fetch.FetchOptions.NEVER_ENOUGH;

import dev.darkroom.source.Source;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.web.WebSourceScenario;
import dev.darkroom.testing.FaultyExchange;
import dev.darkroom.testing.FaultyServerFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** A disk on a scripted web server, and ways to fetch it. */
abstract class FetchScenario extends WebSourceScenario {

  static final String V1 = "\"v1\"";
  static final String V2 = "\"v2\"";
  static final int PART = 100_000;
  static final byte[] BYTES = randomBytes(10 * PART + 4321);
  static final FaultyServerFile FILE = new FaultyServerFile(BYTES, V1);
  static final FetchOptions PARALLEL = options(4, 0);
  static final FetchOptions SINGLE = options(1, 0);

  /** Serves the file, except that the script answers the ranges that match. */
  void serve(Predicate<FaultyServerFile.Asked> matches, RangeScript script) {
    server.on(
        PATH,
        e -> {
          FaultyServerFile.Asked asked = FILE.asked(e).orElseThrow();
          if (matches.test(asked)) {
            script.answer(e, asked);
          } else {
            FILE.play(e);
          }
        });
  }

  /** Answers a request for a range. */
  interface RangeScript {
    /** Answers it. */
    void answer(FaultyExchange exchange, FaultyServerFile.Asked asked) throws IOException;
  }

  static Optional<Fetch.From> from(long offset, String validator) {
    return Optional.of(new Fetch.From(offset, validator, OptionalLong.of(BYTES.length)));
  }

  Source source() throws SourceException {
    return source(PATH);
  }

  Fetch open(FetchOptions options) throws Exception {
    return open(options, Optional.empty());
  }

  Fetch open(FetchOptions options, Optional<Fetch.From> from) throws Exception {
    return Fetch.open(source(), options, from);
  }

  byte[] fetch(FetchOptions options) throws Exception {
    try (Fetch fetch = open(options)) {
      return readAll(fetch);
    }
  }

  static byte[] read(SourceBody body, int buffer) throws SourceException {
    return Bodies.readAll(body, ByteBuffer.allocateDirect(buffer));
  }

  static FetchOptions options(int connections, long parallelFrom) {
    return new FetchOptions(
        connections, PART, parallelFrom, NEVER_ENOUGH, 3, 1000, Duration.ofSeconds(30));
  }
}
