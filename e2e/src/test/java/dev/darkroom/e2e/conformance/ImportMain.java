package dev.darkroom.e2e.conformance;

import dev.darkroom.format.DiskFormat;
import dev.darkroom.source.WebClient;
import dev.darkroom.source.WebSource;
import dev.darkroom.store.BlobStore;
import dev.darkroom.store.filesystem.FilesystemStore;
import dev.darkroom.store.s3.S3Store;
import dev.darkroom.transfer.Checksum;
import dev.darkroom.transfer.Target;
import dev.darkroom.transfer.TransferOptionsBuilder;
import dev.darkroom.transfer.TransferRequest;
import dev.darkroom.transfer.Transfers;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One import in a process of its own, to be killed. */
public final class ImportMain {

  /** What it says when the import waits for a slot. */
  static final String QUEUED = "The import waits.";

  private ImportMain() {}

  /**
   * Imports and says how it ended.
   *
   * @param arguments the source's URL, its checksum, the directory of each filesystem store or the
   *     endpoint of each S3 store; and, if it is to wait for a slot, a URL that is never answered,
   *     after the option {@code --behind}
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    List<String> left = new ArrayList<>(List.of(arguments));
    TransferOptionsBuilder options = World.options().slots(1);
    Transfers transfers = new Transfers(options.build(), id -> {});
    try (WebClient client = new WebClient(World.limits(), World.POLICY)) {
      int behind = left.indexOf("--behind");
      List<Target> targets = targets(left.subList(2, behind < 0 ? left.size() : behind));
      if (behind >= 0) {
        WebSource endless = new WebSource(left.get(behind + 1), client);
        transfers.submit("before", TransferRequest.of(endless, targets).build(), Map.of());
      }
      TransferRequest request =
          TransferRequest.of(new WebSource(left.get(0), client), targets)
              .checksum(Checksum.parse(left.get(1)))
              .declaredFormat(Optional.of(DiskFormat.RAW))
              .build();
      transfers.submit(World.ID, request, Map.of());
      if (behind >= 0) {
        System.out.println(QUEUED);
      }
      System.out.println(World.outcome(transfers, World.ID));
    }
  }

  private static List<Target> targets(List<String> places) throws IOException {
    List<Target> targets = new ArrayList<>();
    for (String place : places) {
      targets.add(new Target(place, store(place), World.KEY));
    }
    return targets;
  }

  private static BlobStore store(String place) throws IOException {
    return place.startsWith("http:")
        ? S3Store.open(BucketStore.config(URI.create(place)))
        : FilesystemStore.open(Path.of(place));
  }
}
