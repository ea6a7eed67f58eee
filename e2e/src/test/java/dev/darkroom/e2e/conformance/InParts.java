package dev.darkroom.e2e.conformance;

import dev.darkroom.source.Fetch;
import dev.darkroom.source.FetchOptions;
import dev.darkroom.source.Source;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import java.util.Optional;

/**
 * A source whose bytes are fetched in parts.
 *
 * @param source where they are
 * @param options how they are fetched
 */
record InParts(Source source, FetchOptions options) implements Source {

  @Override
  public SourceBody open() throws SourceException, InterruptedException {
    return Fetch.open(source, options, Optional.empty());
  }

  @Override
  public String describe() {
    return source.describe();
  }
}
