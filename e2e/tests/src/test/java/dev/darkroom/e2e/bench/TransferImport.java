package dev.darkroom.e2e.bench;

import dev.darkroom.store.BlobStore;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.filesystem.FilesystemStore;
import dev.darkroom.transfer.model.Checksum;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Brings the bytes by the transfer path alone, without Kubernetes around it. */
final class TransferImport implements Measurement {

  private final String name;
  private final FileServer server;
  private final List<Path> directories;
  private final int imports;
  private final Optional<Checksum.Algorithm> checksum;

  private TransferImport(
      String name,
      FileServer server,
      List<Path> directories,
      int imports,
      Optional<Checksum.Algorithm> checksum) {
    this.name = name;
    this.server = server;
    this.directories = directories;
    this.imports = imports;
    this.checksum = checksum;
  }

  /** One import to a filesystem store in each directory, compared with its SHA-256. */
  static TransferImport of(String name, FileServer server, List<Path> directories) {
    return new TransferImport(name, server, directories, 1, Optional.of(Checksum.Algorithm.SHA256));
  }

  /** The same, compared with another checksum; the SHA-256 is found all the same. */
  TransferImport comparing(Checksum.Algorithm algorithm) {
    return new TransferImport(name, server, directories, imports, Optional.of(algorithm));
  }

  /** The same, compared with nothing. */
  TransferImport comparingNothing() {
    return new TransferImport(name, server, directories, imports, Optional.empty());
  }

  /** So many at once. */
  TransferImport times(int count) {
    return new TransferImport(name, server, directories, count, checksum);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Sample measure(DataFile data) throws IOException, InterruptedException {
    List<BlobStore> stores = new ArrayList<>();
    try {
      for (Path directory : directories) {
        stores.add(open(directory));
      }
      return new PathRun(server, stores, imports, checksum).measure(data);
    } finally {
      stores.forEach(BlobStore::close);
    }
  }

  private static BlobStore open(Path directory) throws StoreException {
    return FilesystemStore.open(directory);
  }
}
