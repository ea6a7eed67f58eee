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
 * A disk in an OCI registry: the only file in the directory {@code disk} of a container image, in
 * the topmost layer that has one (as in KubeVirt's containerDisks), or the only layer of an
 * artifact. The digests of the manifest verify the bytes, and a digest in the reference verifies
 * the manifest. A body that does not match ends with {@code CHANGED} in place of its end.
 *
 * <p>A disk in an archive is read in one pass. A disk that is a layer itself can be resumed where
 * its last body broke, as long as this object lives.
 */
public final class RegistrySource implements Source {

  private final Reference reference;
  private final RegistrySession session;
  private final AtomicReference<Optional<Begun>> begun = new AtomicReference<>(Optional.empty());

  /** The last body of a layer that is the disk itself. */
  private record Begun(RegistryManifest.Layer layer, RawLayer body) {}

  /**
   * Checks the reference; sends no request.
   *
   * @param reference {@code host[:port]/repository[:tag][@digest]}
   * @throws SourceException {@code INVALID} for an invalid reference
   */
  public RegistrySource(String reference, WebClient client, RegistryOptions options)
      throws SourceException {
    this.reference = Reference.parse(reference);
    this.session = new RegistrySession(this.reference, options, client);
  }

  @Override
  public SourceBody open() throws SourceException, InterruptedException {
    List<RegistryManifest.Layer> layers = session.image().layers();
    for (RegistryManifest.Layer layer : layers) {
      requireUsable(layers, layer);
    }
    if (isDisk(layers)) {
      return whole(layers.get(0));
    }
    for (int i = layers.size() - 1; i >= 0; i--) {
      RegistryManifest.Layer layer = layers.get(i);
      Optional<SourceBody> disk = DiskLayer.find(session.blob(layer.digest(), Source::open), layer);
      if (disk.isPresent()) {
        return disk.get();
      }
    }
    throw new SourceException(
        Kind.INVALID, "no layer of " + reference + " has a file in the directory disk");
  }

  /** Serves only the range behind the bytes that the last body of the same layer returned. */
  @Override
  public SourceBody open(ByteRange range, Optional<String> validator)
      throws SourceException, InterruptedException {
    Optional<Begun> last = begun.get();
    if (range.offset() == 0 || validator.isEmpty() || last.isEmpty()) {
      return Source.super.open(range, validator);
    }
    RegistryManifest.Layer layer = last.get().layer();
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

  private SourceBody whole(RegistryManifest.Layer layer)
      throws SourceException, InterruptedException {
    SourceBody body = session.blob(layer.digest(), Source::open);
    return begin(layer, new RawLayer(body, layer, RawLayer.Progress.none(layer)));
  }

  private SourceBody begin(RegistryManifest.Layer layer, RawLayer body) {
    begun.set(Optional.of(new Begun(layer, body)));
    return body;
  }

  /** Tools that pack single files name them, with any media type. */
  private static boolean isDisk(List<RegistryManifest.Layer> layers) {
    RegistryManifest.Layer layer = layers.get(0);
    return layers.size() == 1 && (layer.title().isPresent() || !DiskLayer.isArchive(layer));
  }

  private void requireUsable(List<RegistryManifest.Layer> layers, RegistryManifest.Layer layer)
      throws SourceException {
    if (layer.packed() == RegistryManifest.Packing.DIRECTORY) {
      throw new SourceException(
          Kind.INVALID, reference + " is a directory, not the file of a disk");
    }
    if (layers.size() > 1 && !DiskLayer.isArchive(layer)) {
      throw new SourceException(
          Kind.INVALID, reference + " has several layers, one of the type " + layer.mediaType());
    }
  }
}
