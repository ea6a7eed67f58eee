package dev.darkroom.transfer.model;

import dev.darkroom.source.Source;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.store.Blob;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Verified copies of the same bytes, as a source to fill other stores from. A transfer reads the
 * first copy; when that is bad, the next.
 *
 * @param copies at least one, the best first
 */
public record CopySource(List<Copy> copies) implements Source {

  /**
   * A published copy.
   *
   * @param target where it is
   * @param blob as the store describes it
   */
  public record Copy(Target target, Blob blob) {}

  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException when it is empty
   */
  public CopySource {
    copies = List.copyOf(copies);
    if (copies.isEmpty()) {
      throw new IllegalArgumentException("there must be a copy to read");
    }
  }

  /** A source with one copy. */
  public CopySource(Target target, Blob blob) {
    this(List.of(new Copy(target, blob)));
  }

  /** Always throws: a transfer reads copies through their stores. */
  @Override
  public SourceBody open() throws SourceException {
    throw new SourceException(
        SourceException.Kind.INVALID, describe() + " can be read by a transfer only");
  }

  @Override
  public String describe() {
    return copies.stream()
        .map(copy -> copy.target().name())
        .collect(Collectors.joining(" or ", "the copy in store ", ""));
  }
}
