package dev.darkroom.e2e.bench;

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

/** Imports by the transfer path alone, without Kubernetes around it: all at once, measured. */
final class PathRun {

  private static final Duration END = Duration.ofSeconds(10);

  private final FileServer server;
  private final List<BlobStore> stores;
  private final int imports;
  private final Optional<Checksum.Algorithm> checksum;

  /**
   * @param stores each import goes to all of them
   * @param imports how many there are at once, under keys of their own
   * @param checksum of what algorithm one is compared; SHA-256 is computed anyway
   */
  PathRun(
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
   * Brings the bytes, and deletes them again, which is not measured.
   *
   * @throws IOException when it did not do what it should
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
      OwnCost cost = OwnCost.begin();
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
      throw new IOException("The import of " + data.name() + " ended so: " + outcome);
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
