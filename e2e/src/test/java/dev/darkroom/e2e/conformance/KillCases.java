package dev.darkroom.e2e.conformance;

import static dev.darkroom.e2e.conformance.World.DISK;

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
 * An operator that is killed by SIGKILL at the beginning of every stage that an import has, and
 * between the publications of its copies; then another one starts and is asked for the same. The
 * stages are those of {@link Stage}: one that is new and not come to makes its case fail.
 */
final class KillCases {

  private static final String METER = "dev.darkroom.transfer.Meter";
  private static final String WRITE = "dev.darkroom.store.filesystem.FilesystemWrite";

  private KillCases() {}

  static List<Case> all() {
    Stream<Case> stages = Arrays.stream(Stage.values()).map(KillCases::atStage);
    Stream<Case> publications =
        Stream.of(
            at(
                "killed between two publications",
                "The process is killed when one of two stores has published its copy and the other"
                    + " has not.",
                Place.calling(WRITE, "commit", 2)));
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
    world.server().on("/disk", new FaultyServerFile(DISK, "\"one\""));
    DirectoryStore one = world.store("one");
    DirectoryStore two = world.store("two");
    List<String> arguments = new ArrayList<>();
    arguments.add(world.server().url("/disk"));
    arguments.add(World.checksum().toString());
    arguments.add(one.directory().toString());
    arguments.add(two.directory().toString());
    arguments.addAll(List.of(more));
    Path log = world.directory("child").resolve("log");
    try (ImportProcess process = ImportProcess.start(log, arguments)) {
      killing.of(process);
    }
    requireNothingUnverified(world);
    restart(world);
    return world.bring(world.importOf("/disk").checksum(Optional.of(World.checksum())));
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
