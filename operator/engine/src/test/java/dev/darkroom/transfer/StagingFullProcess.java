package dev.darkroom.transfer;

import dev.darkroom.format.DiskFormat;
import dev.darkroom.format.InspectionLimits;
import dev.darkroom.source.SourceException;
import dev.darkroom.transfer.intake.StagedFile;
import dev.darkroom.transfer.model.RefusedException;
import dev.darkroom.transfer.model.TransferOptions;
import dev.darkroom.transfer.model.TransferOptionsBuilder;
import dev.darkroom.transfer.model.TransferRequest;
import dev.darkroom.transfer.model.TransferStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;

/**
 * A process whose staging directory is almost full: it runs two transfers at the same time into
 * stores that make it stage the bytes, then a conversion, and prints each outcome.
 *
 * <p>Argument: the staging directory.
 */
final class StagingFullProcess {

  private static final int CHUNK = 64 << 10;
  private static final byte[] BYTES = Requests.bytes(64 * CHUNK);

  private StagingFullProcess() {}

  /** Runs the transfers. */
  public static void main(String[] arguments) throws Exception {
    Path staging = Path.of(arguments[0]);
    List<String> ids = List.of("a", "b");
    CountDownLatch ended = new CountDownLatch(ids.size());
    Transfers[] late = new Transfers[1];
    late[0] =
        new Transfers(
            TransferOptionsBuilder.builder(TransferOptions.defaults())
                .chunkBytes(CHUNK)
                .journalPartBytes(CHUNK)
                .chunksInFlight(4)
                .announceEvery(Duration.ofHours(1))
                .staging(Optional.of(staging))
                .build(),
            id -> {
              if (late[0].status(id).flatMap(TransferStatus::outcome).isPresent()) {
                ended.countDown();
              }
            });
    for (String id : ids) {
      TransferRequest request =
          Requests.from(new VersionedSource(BYTES, "v1"))
              .to(new MemoryStore().resumingPartsOf(CHUNK))
              .build();
      late[0].submit(id, request, Map.of());
    }
    ended.await();
    for (String id : ids) {
      System.out.println(id + " " + late[0].status(id).flatMap(TransferStatus::outcome).get());
    }
    System.out.println("convert " + convert(staging.resolve("original")));
    late[0].close(Duration.ofSeconds(20));
  }

  private static String convert(Path file) throws SourceException, InterruptedException {
    try {
      return new StagedFile(
              Optional.of(DiskFormat.RAW), InspectionLimits.defaults(), OptionalLong.empty())
          .receive(new BytesSource(BYTES).open(), file)
          .toString();
    } catch (RefusedException e) {
      return e.failure().reason().apiName() + ": " + e.failure().message();
    }
  }
}
