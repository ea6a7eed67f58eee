package dev.darkroom.e2e.bench;

import dev.darkroom.e2e.bench.figures.Sample;
import dev.darkroom.e2e.bench.server.FileServer;
import dev.darkroom.e2e.bench.server.S3Bucket;
import dev.darkroom.store.BlobStore;
import dev.darkroom.store.s3.S3Store;
import dev.darkroom.transfer.model.Checksum;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** An import by the transfer path, without Kubernetes, into an S3 store. */
final class S3Import implements Measurement {

  private final FileServer server;
  private final S3Bucket bucket;

  S3Import(FileServer server, S3Bucket bucket) {
    this.server = server;
    this.bucket = bucket;
  }

  @Override
  public String name() {
    return "transfer path";
  }

  @Override
  public Sample measure(DataFile data) throws IOException, InterruptedException {
    try (BlobStore store = S3Store.open(bucket.config())) {
      return new TransferMeasurement(
              server, List.of(store), 1, Optional.of(Checksum.Algorithm.SHA256))
          .measure(data);
    }
  }
}
