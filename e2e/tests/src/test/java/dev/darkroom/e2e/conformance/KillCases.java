package dev.darkroom.e2e.conformance;

import static dev.darkroom.e2e.conformance.World.LARGE;

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
 * An import of 12 MB to a directory and to an S3 bucket whose operator is killed by SIGKILL at the
 * beginning of every stage that an import has, and as each of its copies is published; then another
 * one starts and is asked for the same. Where the stage is one of a conversion, a disk is
 * converted. The stages are those of {@link Stage}: one that is new and not come to makes its case
 * fail.
 */
final class KillCases {

  /** One part for each connection. */
  private static final long MAY_BE_FETCHED_AGAIN =
      World.FETCH.connections() * World.FETCH.partBytes();

  private static final Import PLAIN = new Import(LARGE, LARGE, Optional.empty());
  private static final Import COMPRESSED =
      new Import(Compressed.with(Codec.GZIP, LARGE), LARGE, Optional.empty());

  private KillCases() {}

  /** What the killed process and the one after it are to do. */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
  private record Import(byte[] delivered, byte[] stored, Optional<TargetFormat> convertTo) {

    Optional<DiskFormat> declaredFormat() {
      return convertTo.isPresent() ? Optional.empty() : Optional.of(DiskFormat.RAW);
    }
  }

  static List<Case> all() {
    Stream<Case> stages = Arrays.stream(Stage.values()).map(KillCases::atStage);
    Stream<Case> others =
        Stream.of(
            at(
                "killed as a directory publishes",
                "The process is killed as the directory's copy is about to be published.",
                PLAIN,
                List.of(new Point.Publishing("directory"))),
            at(
                "killed as a bucket publishes",
                "The process is killed as the bucket's copy is about to be published.",
                PLAIN,
                List.of(new Point.Publishing("bucket"))),
            at(
                "killed at validating, compressed",
                "As before, and what is delivered is a gzip file, which is expanded.",
                COMPRESSED,
                List.of(new Point.Entering(Stage.VALIDATING))),
            atNineTenths(
                "killed at 90 %",
                "The process is killed when it has 90 % of the bytes and the source gives no more;"
                    + " started again it gets them all.",
                PLAIN),
            atNineTenths(
                "killed at 90 %, compressed",
                "The same with a gzip file, which is expanded.", COMPRESSED));
    return Stream.concat(stages, others).toList();
  }

  private static Case atStage(Stage stage) {
    if (converts(stage)) {
      return converting(stage);
    }
    Point point = new Point.Entering(stage);
    // There is something to resume when a process was killed before.
    return at(
        name(stage),
        "The process is killed as the stage " + stage + " begins, and started again.",
        PLAIN,
        stage == Stage.RESUMING
            ? List.of(new Point.Entering(Stage.VALIDATING), point)
            : List.of(point));
  }

  /** Whether only a conversion comes to it. */
  private static boolean converts(Stage stage) {
    return stage == Stage.STAGING || stage == Stage.CONVERTING;
  }

  /** What is converted is empty, so that what is stored is known: zeros. */
  private static Case converting(Stage stage) {
    Import conversion =
        new Import(
            Qcow2Image.v3(4 << 20).bytes(), new byte[4 << 20], Optional.of(TargetFormat.RAW));
    return new Case(
        Group.KILL,
        name(stage),
        "The process is killed as the stage "
            + stage
            + " of a conversion begins, and started again.",
        world -> {
          DeliveryCases.requireQemuImg();
          world.serve("/disk", new FaultyServerFile(conversion.delivered(), "\"one\""));
          kill(world, conversion, List.of(new Point.Entering(stage)));
          return startAgain(world, conversion);
        },
        Check.stored().and("nothing is left of the conversion", KillCases::converted));
  }

  private static Optional<String> converted(World world, Outcome outcome) throws IOException {
    try (Stream<Path> left = Files.list(world.directory("staging").resolve("converting"))) {
      return left.findAny().map(path -> "the conversion left " + path.getFileName());
    }
  }

  private static String name(Stage stage) {
    return "killed at " + stage.name().toLowerCase(Locale.ROOT);
  }

  private static Case at(String name, String done, Import what, List<Point> points) {
    return new Case(
        Group.KILL,
        name,
        done,
        world -> {
          world.serve("/disk", new FaultyServerFile(what.delivered(), "\"one\""));
          kill(world, what, points);
          return startAgain(world, what);
        },
        Check.stored());
  }

  private static Case atNineTenths(String name, String done, Import what) {
    long end = what.delivered().length / 10L * 9;
    return new Case(
        Group.KILL,
        name,
        done,
        world -> {
          FaultyServerFile file = new FaultyServerFile(what.delivered(), "\"one\"");
          world
              .server()
              .on(
                  "/disk",
                  exchange -> {
                    if (file.asked(exchange).map(Asked::end).orElse(Integer.MAX_VALUE) > end) {
                      exchange.stall();
                    } else {
                      file.play(exchange);
                    }
                  });
          // The last part before that is whole.
          long there = end / World.FETCH.partBytes() * World.FETCH.partBytes();
          kill(world, what, List.of(new Point.Having(there)));
          world.serve("/disk", file);
          return startAgain(world, what);
        },
        Check.stored()
            .and(
                "one part per connection fetched again, at most",
                (world, outcome) -> {
                  long again = world.fetched() - (what.delivered().length - end);
                  return again <= MAY_BE_FETCHED_AGAIN
                      ? Optional.empty()
                      : Optional.of(again + " bytes were fetched again");
                }));
  }

  private static void kill(World world, Import what, List<Point> points) throws IOException {
    DirectoryStore directory = world.storing(what.stored()).store("directory");
    BucketStore bucket = world.add("bucket", BucketStore.start());
    List<String> arguments =
        List.of(
            world.server().url("/disk"),
            World.checksum(what.delivered()).toString(),
            world.directory("staging").toString(),
            what.convertTo().map(target -> target.format().apiName()).orElse("-"),
            "directory=" + directory.directory(),
            "bucket=" + bucket.endpoint());
    Path log = world.directory("process").resolve("log");
    for (Point point : points) {
      ImportProcess.killAt(point, log, arguments);
      Optional<String> problem = Invariants.unverified(world);
      if (problem.isPresent()) {
        throw new IOException("after the kill, " + problem.get());
      }
    }
  }

  /** What an operator does with its stores before it begins, and the import. */
  private static Outcome startAgain(World world, Import what) throws IOException {
    Transfers transfers =
        new Transfers(World.staging(world.directory("staging")).build(), id -> {});
    for (Map.Entry<String, StoreUnderTest> store : world.stores().entrySet()) {
      Optional<Set<String>> keep = transfers.tokensToKeep(store.getKey());
      if (keep.isPresent()) {
        store.getValue().store().sweep(keep.get());
      }
    }
    return world.bring(
        world
            .importOf("/disk")
            .declaredFormat(what.declaredFormat())
            .checksum(Optional.of(World.checksum(what.delivered())))
            .delivery(new DeliveryTerms(Optional.empty(), Decompress.AUTO, what.convertTo())),
        transfers);
  }
}
