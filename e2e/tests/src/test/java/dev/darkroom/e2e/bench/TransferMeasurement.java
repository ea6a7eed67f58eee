package dev.darkroom.e2e.bench;

import dev.darkroom.e2e.bench.figures.ProcessCost;
import dev.darkroom.e2e.bench.figures.Sample;
import dev.darkroom.e2e.bench.server.FileServer;
import dev.darkroom.format.DiskFormat;
import dev.darkroom.source.policy.AddressPolicy;
import dev.darkroom.source.web.WebClient;
import dev.darkroom.source.web.WebLimits;
import dev.darkroom.source.web.WebSource;
import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobStore;
import dev.darkroom.transfer.Transfers;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Target;
import dev.darkroom.transfer.model.TransferOptions;
import dev.darkroom.transfer.model.TransferOptionsBuilder;
import dev.darkroom.transfer.model.TransferRequest;
import dev.darkroom.transfer.model.TransferStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Measures parallel imports by the transfer path, without Kubernetes. */
final class TransferMeasurement {

  private static final Duration END = Duration.ofSeconds(10);

  private final FileServer server;
  private final List<BlobStore> stores;
  private final int imports;
  private final Optional<Checksum.Algorithm> checksum;

  /**
   * @param stores the target stores of each import
   * @param imports the number of parallel imports, with separate keys
   * @param checksum the algorithm of the checksum to verify; SHA-256 is always computed
   */
  TransferMeasurement(
      FileServer server,
      List<BlobStore> stores,
      int imports,
      Optional<Checksum.Algorithm> checksum) {
    this.server = server;
    this.stores = stores;
    this.imports = imports;
    this.checksum = checksum;
  }

  /**
   * Imports the file, and deletes the copies without measuring it.
   *
   * @throws IOException if an import fails
   */
  Sample measure(DataFile data) throws IOException, InterruptedException {
    Semaphore news = new Semaphore(0);
    TransferOptions options =
        TransferOptionsBuilder.builder(TransferOptions.defaults())
            .slots(Math.max(imports, TransferOptions.defaults().slots()))
            .build();
    Transfers transfers = new Transfers(options, id -> news.release());
    try (WebClient client =
        new WebClient(WebLimits.defaults(), AddressPolicy.defaults().withLoopbackAllowed())) {
      Map<String, TransferRequest> requests = requests(data, client);
      ProcessCost cost = ProcessCost.begin();
      requests.forEach((id, request) -> transfers.submit(id, request, Map.of()));
      for (String id : requests.keySet()) {
        requireStored(data, outcome(transfers, id, news));
      }
      return cost.end(data.bytes() * imports);
    } finally {
      transfers.close(END);
      delete();
    }
  }

  private Map<String, TransferRequest> requests(DataFile data, WebClient client)
      throws IOException {
    Map<String, TransferRequest> requests = new LinkedHashMap<>();
    for (int i = 0; i < imports; i++) {
      List<Target> targets = new ArrayList<>();
      for (BlobStore store : stores) {
        targets.add(new Target("store-" + targets.size(), store, key(i)));
      }
      WebSource source = new WebSource(server.url(data).toString(), client);
      requests.put(
          "import-" + i,
          TransferRequest.of(source, targets)
              .checksum(checksum.map(data::checksum))
              .declaredFormat(Optional.of(DiskFormat.RAW))
              .build());
    }
    return requests;
  }

  private static Outcome outcome(Transfers transfers, String id, Semaphore news)
      throws InterruptedException {
    Optional<Outcome> outcome = transfers.status(id).flatMap(TransferStatus::outcome);
    while (outcome.isEmpty()) {
      news.acquire();
      outcome = transfers.status(id).flatMap(TransferStatus::outcome);
    }
    return outcome.get();
  }

  private static void requireStored(DataFile data, Outcome outcome) throws IOException {
    if (!(outcome instanceof Outcome.Stored)) {
      throw new IOException("The import of " + data.name() + " did not succeed: " + outcome);
    }
  }

  private void delete() throws IOException {
    for (BlobStore store : stores) {
      for (int i = 0; i < imports; i++) {
        store.delete(key(i));
      }
    }
  }

  private static BlobKey key(int number) {
    return BlobKey.of("bench", "image-" + number, "content");
  }
}
