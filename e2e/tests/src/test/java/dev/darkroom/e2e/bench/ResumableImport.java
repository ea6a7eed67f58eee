package dev.darkroom.e2e.bench;

import dev.darkroom.format.DiskFormat;
import dev.darkroom.source.fetch.FetchOptions;
import dev.darkroom.source.policy.AddressPolicy;
import dev.darkroom.source.web.WebClient;
import dev.darkroom.source.web.WebLimits;
import dev.darkroom.source.web.WebSource;
import dev.darkroom.store.BlobKey;
import dev.darkroom.store.filesystem.FilesystemStore;
import dev.darkroom.transfer.Transfers;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Target;
import dev.darkroom.transfer.model.TransferOptions;
import dev.darkroom.transfer.model.TransferOptionsBuilder;
import dev.darkroom.transfer.model.TransferRequest;
import dev.darkroom.transfer.model.TransferStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * A process with one import that another process can resume. Arguments: URL, SHA-256, store
 * directory, staging directory, and the rate in bytes/s at which one connection is sufficient.
 * Exits with status 0 after success.
 */
public final class ResumableImport {

  /** The bytes in flight with several connections. */
  static final long PARTS_AT_ONCE =
      FetchOptions.defaults().connections() * FetchOptions.defaults().partBytes();

  private static final Duration END = Duration.ofSeconds(10);
  private static final String ID = "import";

  private ResumableImport() {}

  /** Runs the import. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Semaphore news = new Semaphore(0);
    TransferOptions options =
        TransferOptionsBuilder.builder(TransferOptions.defaults())
            .staging(Optional.of(Path.of(arguments[3])))
            .fetch(fetch(Long.parseLong(arguments[4])))
            .build();
    Transfers transfers = new Transfers(options, id -> news.release());
    Optional<Outcome> outcome = Optional.empty();
    try (FilesystemStore store = FilesystemStore.open(Path.of(arguments[2]));
        WebClient client =
            new WebClient(WebLimits.defaults(), AddressPolicy.defaults().withLoopbackAllowed())) {
      Target target = new Target("store", store, BlobKey.of("bench", "image", "content"));
      transfers.submit(
          ID,
          TransferRequest.of(new WebSource(arguments[0], client), List.of(target))
              .checksum(Optional.of(new Checksum(Checksum.Algorithm.SHA256, arguments[1])))
              .declaredFormat(Optional.of(DiskFormat.RAW))
              .build(),
          Map.of());
      while (outcome.isEmpty()) {
        news.acquire();
        outcome = transfers.status(ID).flatMap(TransferStatus::outcome);
      }
    } finally {
      transfers.close(END);
    }
    if (!(outcome.get() instanceof Outcome.Stored)) {
      throw new IOException("The import did not succeed: " + outcome.get());
    }
  }

  private static FetchOptions fetch(long fastBytesPerSecond) {
    FetchOptions usual = FetchOptions.defaults();
    return new FetchOptions(
        usual.connections(),
        usual.partBytes(),
        usual.parallelFromBytes(),
        fastBytesPerSecond,
        usual.fruitlessTries(),
        usual.minimumBytesPerSecond(),
        usual.overWindow());
  }
}
