package dev.darkroom.e2e.bench;

import dev.darkroom.e2e.bench.figures.Sample;
import dev.darkroom.e2e.bench.server.FileServer;
import dev.darkroom.store.BlobStore;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.filesystem.FilesystemStore;
import dev.darkroom.transfer.model.Checksum;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An import by the transfer path, without Kubernetes. */
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

  /** One import to a filesystem store in each directory, verified by SHA-256. */
  static TransferImport of(String name, FileServer server, List<Path> directories) {
    return new TransferImport(name, server, directories, 1, Optional.of(Checksum.Algorithm.SHA256));
  }

  /** The same, verified by another checksum; the SHA-256 is computed too. */
  TransferImport withChecksum(Checksum.Algorithm algorithm) {
    return new TransferImport(name, server, directories, imports, Optional.of(algorithm));
  }

  /** The same, without a checksum to verify. */
  TransferImport withoutChecksum() {
    return new TransferImport(name, server, directories, imports, Optional.empty());
  }

  /** The same, with parallel imports. */
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
      return new TransferMeasurement(server, stores, imports, checksum).measure(data);
    } finally {
      stores.forEach(BlobStore::close);
    }
  }

  private static BlobStore open(Path directory) throws StoreException {
    return FilesystemStore.open(directory);
  }
}
