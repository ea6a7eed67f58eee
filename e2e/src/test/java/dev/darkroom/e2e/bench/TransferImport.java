package dev.darkroom.e2e.bench;

import dev.darkroom.format.DiskFormat;
import dev.darkroom.source.AddressPolicy;
import dev.darkroom.source.WebClient;
import dev.darkroom.source.WebLimits;
import dev.darkroom.source.WebSource;
import dev.darkroom.store.BlobKey;
import dev.darkroom.store.filesystem.FilesystemStore;
import dev.darkroom.transfer.Outcome;
import dev.darkroom.transfer.Target;
import dev.darkroom.transfer.TransferOptions;
import dev.darkroom.transfer.TransferRequest;
import dev.darkroom.transfer.TransferStatus;
import dev.darkroom.transfer.Transfers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Brings the bytes by the transfer path alone, without Kubernetes around it. */
final class TransferImport implements Measurement {

  private static final BlobKey KEY = BlobKey.of("bench", "image", "content");
  private static final String ID = "import";
  private static final Duration END = Duration.ofSeconds(10);

  private final FileServer server;
  private final Path directory;

  TransferImport(FileServer server, Path directory) {
    this.server = server;
    this.directory = directory;
  }

  @Override
  public String name() {
    return "transfer path";
  }

  @Override
  public Sample measure(DataFile data) throws IOException, InterruptedException {
    Semaphore news = new Semaphore(0);
    Transfers transfers = new Transfers(TransferOptions.defaults(), id -> news.release());
    try (WebClient client =
            new WebClient(WebLimits.defaults(), AddressPolicy.defaults().withLoopbackAllowed());
        FilesystemStore store = FilesystemStore.open(directory)) {
      TransferRequest request =
          TransferRequest.of(
                  new WebSource(server.url(data).toString(), client),
                  List.of(new Target("store", store, KEY)))
              .checksum(Optional.of(data.sha256()))
              .declaredFormat(Optional.of(DiskFormat.RAW))
              .build();
      OwnCost cost = OwnCost.begin();
      transfers.submit(ID, request, Map.of());
      Outcome outcome = outcome(transfers, news);
      Sample sample = cost.end(data.bytes());
      if (!(outcome instanceof Outcome.Stored)) {
        throw new IOException("The import of " + data.name() + " ended so: " + outcome);
      }
      store.delete(KEY);
      return sample;
    } finally {
      transfers.close(END);
    }
  }

  private static Outcome outcome(Transfers transfers, Semaphore news) throws InterruptedException {
    Optional<Outcome> outcome = Optional.empty();
    while (outcome.isEmpty()) {
      news.acquire();
      outcome = transfers.status(ID).flatMap(TransferStatus::outcome);
    }
    return outcome.get();
  }
}
