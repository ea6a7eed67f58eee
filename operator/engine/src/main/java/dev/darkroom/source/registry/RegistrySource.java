package dev.darkroom.source.registry;

import dev.darkroom.source.ByteRange;
import dev.darkroom.source.Source;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import dev.darkroom.source.web.WebClient;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A disk from an OCI registry: the only file in the directory {@code disk} of a container image, in
 * the topmost layer that has one (as KubeVirt's containerDisks are made), or the only layer of an
 * artifact. What comes was promised by the digests in the manifest, and that by the reference's
 * where it has one: a body that is not what they say ends with {@code CHANGED} in place of its end.
 *
 * <p>A disk in an archive is read in one pass. One that is a layer itself can be gone on with where
 * its last body broke, as long as this object lives.
 */
public final class RegistrySource implements Source {

  private final Reference reference;
  private final RegistrySession session;
  private final AtomicReference<Optional<Begun>> begun = new AtomicReference<>(Optional.empty());

  /** The last body of a layer that is the disk itself. */
  private record Begun(Manifest.Layer layer, RawLayer body) {}

  /**
   * Checks the reference; nothing is sent yet.
   *
   * @param reference {@code host[:port]/repository[:tag][@digest]}
   * @throws SourceException {@code INVALID} when it is none
   */
  public RegistrySource(String reference, WebClient client, RegistryOptions options)
      throws SourceException {
    this.reference = Reference.parse(reference);
    this.session = new RegistrySession(this.reference, options, client);
  }

  @Override
  public SourceBody open() throws SourceException, InterruptedException {
    List<Manifest.Layer> layers = session.image().layers();
    for (Manifest.Layer layer : layers) {
      requireUsable(layers, layer);
    }
    if (isDisk(layers)) {
      return whole(layers.get(0));
    }
    for (int i = layers.size() - 1; i >= 0; i--) {
      Manifest.Layer layer = layers.get(i);
      Optional<SourceBody> disk = DiskLayer.find(session.blob(layer.digest(), Source::open), layer);
      if (disk.isPresent()) {
        return disk.get();
      }
    }
    throw new SourceException(
        Kind.INVALID, "no layer of " + reference + " has a file in the directory disk");
  }

  /** Only what follows the bytes that came from here before, of the same layer, is served. */
  @Override
  public SourceBody open(ByteRange range, Optional<String> validator)
      throws SourceException, InterruptedException {
    Optional<Begun> last = begun.get();
    if (range.offset() == 0 || validator.isEmpty() || last.isEmpty()) {
      return Source.super.open(range, validator);
    }
    Manifest.Layer layer = last.get().layer();
    Optional<RawLayer.Progress> progress =
        last.get().body().progress().filter(so -> so.offset() == range.offset());
    boolean toTheEnd = range.end() >= layer.size();
    if (progress.isEmpty() || !toTheEnd || !validator.get().equals(layer.digest().toString())) {
      return Source.super.open(range, validator);
    }
    SourceBody rest = session.blob(layer.digest(), blob -> blob.open(range, Optional.empty()));
    return begin(layer, new RawLayer(rest, layer, progress.get()));
  }

  @Override
  public String describe() {
    return reference.toString();
  }

  @Override
  public String toString() {
    return describe();
  }

  private SourceBody whole(Manifest.Layer layer) throws SourceException, InterruptedException {
    SourceBody body = session.blob(layer.digest(), Source::open);
    return begin(layer, new RawLayer(body, layer, RawLayer.Progress.none(layer)));
  }

  private SourceBody begin(Manifest.Layer layer, RawLayer body) {
    begun.set(Optional.of(new Begun(layer, body)));
    return body;
  }

  /** A tool that packs single files names them, whatever media type it gives them. */
  private static boolean isDisk(List<Manifest.Layer> layers) {
    Manifest.Layer layer = layers.get(0);
    return layers.size() == 1 && (layer.title().isPresent() || !DiskLayer.isArchive(layer));
  }

  private void requireUsable(List<Manifest.Layer> layers, Manifest.Layer layer)
      throws SourceException {
    if (layer.packed() == Manifest.Packing.DIRECTORY) {
      throw new SourceException(
          Kind.INVALID, reference + " is a directory, not the file of a disk");
    }
    if (layers.size() > 1 && !DiskLayer.isArchive(layer)) {
      throw new SourceException(
          Kind.INVALID, reference + " has several layers, one of the type " + layer.mediaType());
    }
  }
}
