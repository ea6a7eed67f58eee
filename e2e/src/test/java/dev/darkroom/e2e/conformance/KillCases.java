package dev.darkroom.e2e.conformance;

import static dev.darkroom.e2e.conformance.World.LARGE;

import dev.darkroom.e2e.conformance.Case.Group;
import dev.darkroom.testing.FaultyServerFile;
import dev.darkroom.transfer.Outcome;
import dev.darkroom.transfer.Progress.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An import to a directory and to an S3 bucket whose operator is killed by SIGKILL at the beginning
 * of every stage that an import has, and as each of its copies is published; then another one
 * starts and is asked for the same. The stages are those of {@link Stage}: one that is new and not
 * come to makes its case fail.
 */
final class KillCases {

  private static final String METER = "dev.darkroom.transfer.Meter";
  private static final String FILESYSTEM_WRITE = "dev.darkroom.store.filesystem.FilesystemWrite";
  private static final String S3_WRITE = "dev.darkroom.store.s3.S3Write";

  private KillCases() {}

  static List<Case> all() {
    Stream<Case> stages = Arrays.stream(Stage.values()).map(KillCases::atStage);
    Stream<Case> publications =
        Stream.of(
            at(
                "killed as a directory publishes",
                "The process is killed as the directory's copy is about to be published.",
                Place.calling(FILESYSTEM_WRITE, "commit")),
            at(
                "killed as a bucket publishes",
                "The process is killed as the bucket's copy is about to be published.",
                Place.calling(S3_WRITE, "commit")));
    return Stream.concat(stages, publications).toList();
  }

  private static Case atStage(Stage stage) {
    String name = "killed at " + stage.name().toLowerCase(Locale.ROOT);
    return stage == Stage.QUEUED
        ? new Case(
            Group.KILL,
            name,
            "The process is killed while the import waits for a slot, and started again.",
            world ->
                afterwards(
                    world,
                    child -> child.killWhenItSays(ImportMain.QUEUED),
                    "--behind",
                    world.server().url("/never")),
            Check.stored())
        : at(
            name,
            "The process is killed as the stage " + stage + " begins, and started again.",
            Place.calling(METER, "stage", stage));
  }

  private static Case at(String name, String done, Place place) {
    return new Case(
        Group.KILL,
        name,
        done,
        world -> afterwards(world, child -> child.killAt(place)),
        Check.stored());
  }

  private interface Killing {
    void of(ImportProcess process) throws IOException, InterruptedException;
  }

  private static Outcome afterwards(World world, Killing killing, String... more) throws Exception {
    world.server().on("/never", exchange -> exchange.stall());
    world.storing(LARGE).server().on("/disk", new FaultyServerFile(LARGE, "\"one\""));
    DirectoryStore directory = world.store("directory");
    BucketStore bucket = world.add("bucket", BucketStore.start());
    List<String> arguments = new ArrayList<>();
    arguments.add(world.server().url("/disk"));
    arguments.add(World.checksum(LARGE).toString());
    arguments.add(directory.directory().toString());
    arguments.add(bucket.endpoint().toString());
    arguments.addAll(List.of(more));
    Path log = world.directory("child").resolve("log");
    try (ImportProcess process = ImportProcess.start(log, arguments)) {
      killing.of(process);
    }
    requireNothingUnverified(world);
    restart(world);
    return world.bring(world.importOf("/disk").checksum(Optional.of(World.checksum(LARGE))));
  }

  /** What an operator does with its stores before it begins. */
  private static void restart(World world) throws IOException {
    for (StoreUnderTest store : world.stores().values()) {
      store.store().sweep();
    }
  }

  /** Killed or not: what can be read is whole. */
  private static void requireNothingUnverified(World world) throws IOException {
    Optional<String> problem = Invariants.unverified(world);
    if (problem.isPresent()) {
      throw new IOException("between the kill and the restart " + problem.get());
    }
  }
}
