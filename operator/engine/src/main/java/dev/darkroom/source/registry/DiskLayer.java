package dev.darkroom.source.registry;

import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import dev.darkroom.source.SourceHead;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorInputStream;

/**
 * The disk in a layer: the only file in the directory {@code disk} of a tar archive, read in one
 * pass. A second file there, or a layer that does not match its digest, is reported at the end of
 * the disk, in place of the end.
 */
final class DiskLayer implements SourceBody {

  private static final int BUFFER = 128 * 1024;
  private static final int MAX_TAR_ENTRIES = 1_000_000;

  /** The limit of the unpacked bytes outside the disk: more than an operating system. */
  private static final long MAX_OUTSIDE_DISK = 16L << 30;

  private final SourceHead head;
  private final InputStream blob;
  private final Content content;
  private final byte[] buffer = new byte[BUFFER];
  private long left;
  private boolean ended;

  private DiskLayer(SourceHead head, InputStream blob, Content content, long size) {
    this.head = head;
    this.blob = blob;
    this.content = content;
    this.left = size;
  }

  /** Returns whether the layer is a tar archive of a known compression. */
  static boolean isArchive(RegistryManifest.Layer layer) {
    return switch (layer.mediaType()) {
      case "application/vnd.oci.image.layer.v1.tar",
          "application/vnd.oci.image.layer.v1.tar+gzip",
          "application/vnd.oci.image.layer.v1.tar+zstd",
          "application/vnd.docker.image.rootfs.diff.tar",
          "application/vnd.docker.image.rootfs.diff.tar.gzip" ->
          true;
      default -> false;
    };
  }

  /**
   * Searches the disk; a layer without one is read to its end.
   *
   * @return the disk, or empty when the layer has none; then the body is closed
   */
  static Optional<SourceBody> find(SourceBody body, RegistryManifest.Layer layer)
      throws SourceException, InterruptedException {
    BlobStream blob = new BlobStream(body, layer);
    boolean found = false;
    try {
      Content content = new Content(blob, layer);
      OptionalLong size = content.next();
      found = size.isPresent();
      if (!found) {
        content.drain();
        return Optional.empty();
      }
      SourceHead head =
          new SourceHead(
              body.head().location(),
              size,
              Optional.of(layer.digest().toString()),
              false,
              Optional.empty());
      return Optional.of(new DiskLayer(head, blob, content, size.getAsLong()));
    } catch (IOException e) {
      throw failure(e, layer);
    } finally {
      if (!found) {
        body.close();
      }
    }
  }

  @Override
  public SourceHead head() {
    return head;
  }

  @Override
  public int read(ByteBuffer into) throws SourceException {
    if (ended) {
      return -1;
    }
    try {
      if (left == 0) {
        content.requireNoOther();
        ended = true;
        close();
        return -1;
      }
      int space = (int) Math.min(Math.min(left, buffer.length), into.remaining());
      int read = content.read(buffer, space);
      if (read <= 0) {
        throw new SourceException(Kind.INVALID, "the layer's archive ends inside the disk");
      }
      into.put(buffer, 0, read);
      left -= read;
      return read;
    } catch (IOException e) {
      close();
      throw failure(e, content.layer);
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new SourceException(Kind.UNAVAILABLE, "the read of the layer was interrupted", e);
    }
  }

  @Override
  public void close() {
    try {
      blob.close();
    } catch (IOException e) {
      throw new IllegalStateException("the close of a body failed", e);
    }
  }

  private static SourceException failure(IOException e, RegistryManifest.Layer layer) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SourceException already) {
        return already;
      }
    }
    return new SourceException(
        Kind.INVALID,
        "the layer %s of the image is not a valid archive of type %s"
            .formatted(layer.digest(), layer.mediaType()),
        e);
  }

  /** The entries of the archive. */
  private static final class Content {

    private final RegistryManifest.Layer layer;
    private final InputStream blob;
    private final TarArchiveInputStream tar;
    private int entries;
    private long around;

    Content(InputStream blob, RegistryManifest.Layer layer) throws IOException {
      this.layer = layer;
      this.blob = blob;
      this.tar = new TarArchiveInputStream(unpacked(new BufferedInputStream(blob, BUFFER), layer));
    }

    private static InputStream unpacked(InputStream packed, RegistryManifest.Layer layer)
        throws IOException {
      if (layer.mediaType().endsWith("gzip")) {
        return GzipCompressorInputStream.builder()
            .setInputStream(packed)
            .setDecompressConcatenated(true)
            .get();
      }
      return layer.mediaType().endsWith("zstd") ? new ZstdCompressorInputStream(packed) : packed;
    }

    int read(byte[] bytes, int length) throws IOException {
      return tar.read(bytes, 0, length);
    }

    /** Advances to the next file in the directory; returns its size, or empty at the end. */
    OptionalLong next() throws IOException, InterruptedException {
      for (TarArchiveEntry entry = entry(); entry != null; entry = entry()) {
        List<String> path = path(entry.getName());
        boolean isInDirectory = path.size() > 1 && path.get(0).equals("disk");
        if (isInDirectory && !isMarker(path) && !(path.size() == 2 && isPlain(entry))) {
          throw invalid("has an entry in the directory disk that is not a plain file");
        }
        if (isInDirectory && !isMarker(path)) {
          return OptionalLong.of(entry.getSize());
        }
        if (path.equals(List.of("disk")) && !entry.isDirectory()) {
          throw invalid("has no directory disk");
        }
        around = Math.addExact(around, Math.max(0, entry.getSize()));
        if (around > MAX_OUTSIDE_DISK) {
          throw invalid("has more than 16 GiB outside the directory disk");
        }
      }
      return OptionalLong.empty();
    }

    void requireNoOther() throws IOException, InterruptedException {
      if (next().isPresent()) {
        throw invalid("has more than one file in the directory disk");
      }
      drain();
    }

    /** Bytes behind the end of the archive count for the digest. */
    void drain() throws IOException, InterruptedException {
      byte[] rest = new byte[BUFFER];
      while (blob.read(rest) >= 0) {
        requireNoInterrupt();
      }
    }

    private TarArchiveEntry entry() throws IOException, InterruptedException {
      requireNoInterrupt();
      if (++entries > MAX_TAR_ENTRIES) {
        throw invalid("has more than a million entries");
      }
      return tar.getNextEntry();
    }

    private static void requireNoInterrupt() throws InterruptedException {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }

    private List<String> path(String name) throws SourceException {
      List<String> parts =
          Arrays.stream(name.split("/"))
              .filter(part -> !part.isEmpty() && !part.equals("."))
              .toList();
      if (parts.contains("..")) {
        throw invalid("has a path that leads out of the archive");
      }
      return parts;
    }

    private static boolean isPlain(TarArchiveEntry entry) {
      return entry.isFile()
          && !entry.isDirectory()
          && !entry.isLink()
          && !entry.isSymbolicLink()
          && !entry.isSparse()
          && !entry.isBlockDevice()
          && !entry.isCharacterDevice()
          && !entry.isFIFO()
          && entry.getSize() >= 0;
    }

    /** Marks the removal of a lower layer's file (OCI image specification 1.1, "Whiteouts"). */
    private static boolean isMarker(List<String> path) {
      return path.get(path.size() - 1).startsWith(".wh.");
    }

    private SourceException invalid(String what) {
      return new SourceException(
          Kind.INVALID, "the layer %s of the image %s".formatted(layer.digest(), what));
    }
  }
}
