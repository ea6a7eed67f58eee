package dev.darkroom.e2e.conformance;

import dev.darkroom.convert.TargetFormat;
import dev.darkroom.format.DiskFormat;
import dev.darkroom.source.web.WebClient;
import dev.darkroom.source.web.WebLimits;
import dev.darkroom.source.web.WebSource;
import dev.darkroom.store.BlobStore;
import dev.darkroom.store.filesystem.FilesystemStore;
import dev.darkroom.store.s3.S3Store;
import dev.darkroom.testing.FaultyStore;
import dev.darkroom.transfer.Transfers;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Decompress;
import dev.darkroom.transfer.model.DeliveryTerms;
import dev.darkroom.transfer.model.Progress.Stage;
import dev.darkroom.transfer.model.Target;
import dev.darkroom.transfer.model.TransferObserver;
import dev.darkroom.transfer.model.TransferOptions;
import dev.darkroom.transfer.model.TransferRequest;
import dev.darkroom.transfer.model.TransferStatus;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** One import in its own process, which stops at a {@link KillPoint} to be killed. */
public final class ImportMain {

  /** The output at the kill point. */
  static final String AT_POINT = "At the kill point.";

  private static final CountDownLatch NEVER = new CountDownLatch(1);

  private ImportMain() {}

  /**
   * Runs the import and prints its outcome; at the kill point it waits to be killed.
   *
   * @param arguments the {@link KillPoint}, the source's URL, its checksum, the staging directory,
   *     the format to convert to or a hyphen, and for each store its name, an equals sign, and its
   *     directory or endpoint
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    KillPoint point = KillPoint.parse(arguments[0]);
    List<Target> targets = new ArrayList<>();
    for (String store : List.of(arguments).subList(5, arguments.length)) {
      String name = store.substring(0, store.indexOf('='));
      targets.add(
          new Target(name, open(name, store.substring(name.length() + 1), point), TestBed.KEY));
    }
    TransferOptions options =
        TestBed.staging(Path.of(arguments[3]))
            .fetch(TestBed.SLOW_FETCH)
            // Reports every byte, otherwise the last bytes before a stall might not be reported.
            .announceEvery(Duration.ZERO)
            .build();
    Optional<TargetFormat> convertTo = DiskFormat.of(arguments[4]).flatMap(TargetFormat::of);
    Watch watch = new Watch(point);
    Transfers transfers =
        new Transfers(options, watch::moved, TransferObserver.ofStages(watch::entered));
    watch.transfers = transfers;
    try (WebClient client = new WebClient(WebLimits.defaults(), TestBed.POLICY)) {
      TransferRequest request =
          TransferRequest.of(new WebSource(arguments[1], client), targets)
              .checksum(Checksum.parse(arguments[2]))
              .declaredFormat(
                  convertTo.isPresent() ? Optional.empty() : Optional.of(DiskFormat.RAW))
              .delivery(new DeliveryTerms(Optional.empty(), Decompress.AUTO, convertTo))
              .build();
      transfers.submit(TestBed.ID, request, Map.of());
      System.out.println(TestBed.outcome(transfers, TestBed.ID));
    }
  }

  private static BlobStore open(String name, String place, KillPoint point) throws IOException {
    BlobStore store =
        place.startsWith("http:")
            ? S3Store.open(BucketStore.config(URI.create(place)))
            : FilesystemStore.open(Path.of(place));
    return point instanceof KillPoint.Publishing publishing && publishing.store().equals(name)
        ? FaultyStore.over(store)
            .on(FaultyStore.Operation.COMMIT)
            .always()
            .comesAfter(ImportMain::awaitKill)
        : store;
  }

  private static void awaitKill() {
    System.out.println(AT_POINT);
    try {
      NEVER.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("not killed", e);
    }
  }

  /** Detects the kill point. */
  private static final class Watch {

    private final KillPoint point;
    private volatile Transfers transfers;

    Watch(KillPoint point) {
      this.point = point;
    }

    void entered(String id, Stage stage) {
      if (point instanceof KillPoint.Entering entering && entering.stage() == stage) {
        awaitKill();
      }
    }

    void moved(String id) {
      if (point instanceof KillPoint.Having having
          && transfers != null
          && transfers
              .status(id)
              .map(TransferStatus::progress)
              .filter(progress -> progress.bytes() >= having.bytes())
              .isPresent()) {
        awaitKill();
      }
    }
  }
}
