package dev.darkroom.e2e.bench;

import dev.darkroom.transfer.Checksum;
import java.io.IOException;
import java.util.List;

/** Everything that is measured. */
final class Comparisons {

  private Comparisons() {}

  static List<Comparison> all(Scratch scratch, FileServer server) throws IOException {
    return List.of(webToOneFilesystemStore(scratch, server));
  }

  private static Comparison webToOneFilesystemStore(Scratch scratch, FileServer server)
      throws IOException {
    return new Comparison(
        "web to 1 filesystem store",
        List.of(
            new OperatorImport(server, scratch.directory("operator-store")),
            new TransferImport(server, scratch.directory("transfer-store"))),
        List.of(
            new CurlToNowhere(server),
            new DdWithFsync(scratch.directory("dd")),
            new JdkDigest(Checksum.Algorithm.SHA256)));
  }
}
