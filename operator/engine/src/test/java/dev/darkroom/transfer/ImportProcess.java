package dev.darkroom.transfer;

import dev.darkroom.convert.TargetFormat;
import dev.darkroom.format.DiskFormat;
import dev.darkroom.source.fetch.FetchOptions;
import dev.darkroom.source.policy.AddressPolicy;
import dev.darkroom.source.web.WebClient;
import dev.darkroom.source.web.WebLimits;
import dev.darkroom.source.web.WebSource;
import dev.darkroom.store.filesystem.FilesystemStore;
import dev.darkroom.transfer.model.Decompress;
import dev.darkroom.transfer.model.DeliveryTerms;
import dev.darkroom.transfer.model.Target;
import dev.darkroom.transfer.model.TransferObserver;
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
import java.util.concurrent.CountDownLatch;

/**
 * A process that imports a URL into a directory, to be killed. It prints each stage that it enters,
 * stays in the stage of its argument, and prints the outcome.
 *
 * <p>Arguments: the URL, the store's directory, the staging directory, the stage to stay in or
 * {@code -}, and the format to convert to or {@code -}.
 */
final class ImportProcess {

  /** The bytes of one request, and the number of connections. */
  static final int PART = 256 << 10;

  static final int CONNECTIONS = 2;
  static final int CHUNK = 64 << 10;

  private ImportProcess() {}

  /** Runs the transfers. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    String stay = arguments[3];
    TransferOptions options =
        TransferOptionsBuilder.builder(TransferOptions.defaults())
            .chunkBytes(CHUNK)
            .journalPartBytes(CHUNK)
            .chunksInFlight(4)
            .fetch(
                new FetchOptions(
                    CONNECTIONS,
                    PART,
                    PART,
                    FetchOptions.NEVER_ENOUGH,
                    3,
                    0,
                    Duration.ofSeconds(20)))
            .staging(Optional.of(Path.of(arguments[2])))
            .build();
    CountDownLatch ended = new CountDownLatch(1);
    try (FilesystemStore store = FilesystemStore.open(Path.of(arguments[1]));
        WebClient client =
            new WebClient(WebLimits.defaults(), AddressPolicy.defaults().withLoopbackAllowed())) {
      Transfers[] late = new Transfers[1];
      late[0] =
          new Transfers(
              options,
              id -> {
                if (late[0].status(id).flatMap(TransferStatus::outcome).isPresent()) {
                  ended.countDown();
                }
              },
              TransferObserver.ofStages(
                  (id, stage) -> {
                    System.out.println(stage);
                    if (stage.name().equals(stay)) {
                      awaitForEver();
                    }
                  }));
      late[0]
          .tokensToKeep("store")
          .ifPresent(
              keep -> {
                try {
                  int swept = store.sweep(keep);
                  System.out.println("swept " + swept);
                } catch (IOException e) {
                  System.out.println(e);
                }
              });
      TransferRequest request =
          TransferRequest.of(
                  new WebSource(arguments[0], client),
                  List.of(new Target("store", store, Requests.KEY)))
              .declaredFormat(Optional.of(DiskFormat.RAW))
              .delivery(
                  new DeliveryTerms(
                      Optional.empty(),
                      Decompress.AUTO,
                      DiskFormat.of(arguments[4]).flatMap(TargetFormat::of)))
              .build();
      late[0].submit("import", request, Map.of());
      ended.await();
      System.out.println(
          late[0].status("import").flatMap(TransferStatus::outcome).orElseThrow().getClass());
      late[0].close(Duration.ofSeconds(20));
    }
  }

  private static void awaitForEver() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
