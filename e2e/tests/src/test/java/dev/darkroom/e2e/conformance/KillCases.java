package dev.darkroom.e2e.conformance;

import static dev.darkroom.e2e.conformance.TestBed.LARGE;

import dev.darkroom.codec.Codec;
import dev.darkroom.codec.Compressed;
import dev.darkroom.convert.TargetFormat;
import dev.darkroom.e2e.conformance.Case.Group;
import dev.darkroom.format.DiskFormat;
import dev.darkroom.format.Qcow2Image;
import dev.darkroom.testing.FaultyServerFile;
import dev.darkroom.testing.FaultyServerFile.Asked;
import dev.darkroom.transfer.Transfers;
import dev.darkroom.transfer.model.Decompress;
import dev.darkroom.transfer.model.DeliveryTerms;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Progress.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * An import of 12 MB to a directory and an S3 bucket. The process is killed with SIGKILL at the
 * start of each stage, and when each copy is published; then another process gets the same request.
 * Stages of a conversion convert a disk. The stages are those of {@link Stage}: a new stage that is
 * not reached makes its case fail.
 */
final class KillCases {

  /** One part per connection. */
  private static final long MAX_REFETCHED = TestBed.FETCH.connections() * TestBed.FETCH.partBytes();

  private static final ImportCase PLAIN = new ImportCase(LARGE, LARGE, Optional.empty());
  private static final ImportCase COMPRESSED =
      new ImportCase(Compressed.with(Codec.GZIP, LARGE), LARGE, Optional.empty());

  private KillCases() {}

  /** The request of the killed process and of the next one. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record ImportCase(byte[] delivered, byte[] stored, Optional<TargetFormat> convertTo) {

    Optional<DiskFormat> declaredFormat() {
      return convertTo.isPresent() ? Optional.empty() : Optional.of(DiskFormat.RAW);
    }
  }

  static List<Case> all() {
    Stream<Case> stages = Arrays.stream(Stage.values()).map(KillCases::atStage);
    Stream<Case> others =
        Stream.of(
            at(
                "killed at publication, directory",
                "The process is killed before the directory publishes its copy.",
                PLAIN,
                List.of(new KillPoint.Publishing("directory"))),
            at(
                "killed at publication, bucket",
                "The process is killed before the bucket publishes its copy.",
                PLAIN,
                List.of(new KillPoint.Publishing("bucket"))),
            at(
                "killed at validating, compressed",
                "The process is killed at the start of this stage; the source is a gzip file.",
                COMPRESSED,
                List.of(new KillPoint.Entering(Stage.VALIDATING))),
            atNineTenths(
                "killed at 90 %",
                "The process is killed at 90 % of the bytes, where the source stalls; the next"
                    + " process gets all bytes.",
                PLAIN),
            atNineTenths("killed at 90 %, compressed", "The same with a gzip file.", COMPRESSED));
    return Stream.concat(stages, others).toList();
  }

  private static Case atStage(Stage stage) {
    if (converts(stage)) {
      return converting(stage);
    }
    KillPoint point = new KillPoint.Entering(stage);
    // The resume stage exists only after an earlier kill.
    return at(
        name(stage),
        "The process is killed at the start of stage " + stage + ".",
        PLAIN,
        stage == Stage.RESUMING
            ? List.of(new KillPoint.Entering(Stage.VALIDATING), point)
            : List.of(point));
  }

  /** Whether the stage exists only in a conversion. */
  private static boolean converts(Stage stage) {
    return stage == Stage.STAGING || stage == Stage.CONVERTING;
  }

  /** Converts an empty disk, so that the stored bytes are known: zeros. */
  private static Case converting(Stage stage) {
    ImportCase conversion =
        new ImportCase(
            Qcow2Image.v3(4 << 20).bytes(), new byte[4 << 20], Optional.of(TargetFormat.RAW));
    return new Case(
        Group.KILL,
        name(stage),
        "The process is killed at the start of stage " + stage + " of a conversion.",
        bed -> {
          DeliveryCases.requireQemuImg();
          bed.serve("/disk", new FaultyServerFile(conversion.delivered(), "\"one\""));
          kill(bed, conversion, List.of(new KillPoint.Entering(stage)));
          return startAgain(bed, conversion);
        },
        Expectation.stored().and("no files of the conversion left", KillCases::converted));
  }

  private static Optional<String> converted(TestBed bed, Outcome outcome) throws IOException {
    try (Stream<Path> left = Files.list(bed.directory("staging").resolve("converting"))) {
      return left.findAny().map(path -> "a file of the conversion is left: " + path.getFileName());
    }
  }

  private static String name(Stage stage) {
    return "killed at " + stage.name().toLowerCase(Locale.ROOT);
  }

  private static Case at(String name, String done, ImportCase request, List<KillPoint> points) {
    return new Case(
        Group.KILL,
        name,
        done,
        bed -> {
          bed.serve("/disk", new FaultyServerFile(request.delivered(), "\"one\""));
          kill(bed, request, points);
          return startAgain(bed, request);
        },
        Expectation.stored());
  }

  private static Case atNineTenths(String name, String done, ImportCase request) {
    long end = request.delivered().length / 10L * 9;
    return new Case(
        Group.KILL,
        name,
        done,
        bed -> {
          FaultyServerFile file = new FaultyServerFile(request.delivered(), "\"one\"");
          bed.server()
              .on(
                  "/disk",
                  exchange -> {
                    if (file.asked(exchange).map(Asked::end).orElse(Integer.MAX_VALUE) > end) {
                      exchange.stall();
                    } else {
                      file.play(exchange);
                    }
                  });
          // The last part before the kill point is complete.
          long there = end / TestBed.FETCH.partBytes() * TestBed.FETCH.partBytes();
          kill(bed, request, List.of(new KillPoint.Having(there)));
          bed.serve("/disk", file);
          return startAgain(bed, request);
        },
        Expectation.stored()
            .and(
                "at most one part per connection fetched again",
                (bed, outcome) -> {
                  long again = bed.fetched() - (request.delivered().length - end);
                  return again <= MAX_REFETCHED
                      ? Optional.empty()
                      : Optional.of(again + " bytes were fetched again");
                }));
  }

  private static void kill(TestBed bed, ImportCase request, List<KillPoint> points)
      throws IOException {
    DirectoryStore directory = bed.storing(request.stored()).store("directory");
    BucketStore bucket = bed.add("bucket", BucketStore.start());
    List<String> arguments =
        List.of(
            bed.server().url("/disk"),
            TestBed.checksum(request.delivered()).toString(),
            bed.directory("staging").toString(),
            request.convertTo().map(target -> target.format().apiName()).orElse("-"),
            "directory=" + directory.directory(),
            "bucket=" + bucket.endpoint());
    Path log = bed.directory("process").resolve("log");
    for (KillPoint point : points) {
      KilledImport.killAt(point, log, arguments);
      Optional<String> problem = Invariants.unverified(bed);
      if (problem.isPresent()) {
        throw new IOException("after the kill, " + problem.get());
      }
    }
  }

  /** Opens and sweeps the stores like a new operator, then runs the import. */
  private static Outcome startAgain(TestBed bed, ImportCase request) throws IOException {
    Transfers transfers =
        new Transfers(TestBed.staging(bed.directory("staging")).build(), id -> {});
    for (Map.Entry<String, StoreUnderTest> store : bed.stores().entrySet()) {
      Optional<Set<String>> keep = transfers.tokensToKeep(store.getKey());
      if (keep.isPresent()) {
        store.getValue().store().sweep(keep.get());
      }
    }
    return bed.run(
        bed.importOf("/disk")
            .declaredFormat(request.declaredFormat())
            .checksum(Optional.of(TestBed.checksum(request.delivered())))
            .delivery(new DeliveryTerms(Optional.empty(), Decompress.AUTO, request.convertTo())),
        transfers);
  }
}
