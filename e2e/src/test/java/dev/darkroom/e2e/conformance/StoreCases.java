package dev.darkroom.e2e.conformance;

import static dev.darkroom.e2e.conformance.World.DISK;

import dev.darkroom.e2e.conformance.Case.Group;
import dev.darkroom.testing.Mount;
import dev.darkroom.transfer.Outcome;
import dev.darkroom.transfer.Reason;
import java.util.List;

/** Stores that fill up, refuse, or fail for a while. */
final class StoreCases {

  private StoreCases() {}

  static List<Case> all() {
    return List.of(
        new Case(
            Group.STORE,
            "disk full in one of three",
            "One of three stores is on a file system of 2 MiB; the source does not say that it"
                + " gives 3 MB. All copies are needed.",
            StoreCases::full,
            Check.failed(Reason.STORE_FULL)),
        new Case(
            Group.STORE,
            "too small from the start",
            "One of three stores has 2 MiB of room, and the source says that it gives 3 MB.",
            StoreCases::tooSmall,
            Check.failed(Reason.STORE_FULL)),
        new Case(
            Group.STORE,
            "read-only file system",
            "The file system of one of two stores became read-only after the store was opened.",
            StoreCases::readOnly,
            Check.failed(Reason.STORE_READ_ONLY)));
  }

  private static Outcome full(World world) throws Exception {
    withSmallStore(world);
    world.server().on("/disk", exchange -> exchange.head(200).body(DISK));
    return world.bring(world.importOf("/disk"));
  }

  private static Outcome tooSmall(World world) throws Exception {
    withSmallStore(world);
    world
        .server()
        .on("/disk", exchange -> exchange.head(200, "Content-Length: " + DISK.length).body(DISK));
    return world.bring(world.importOf("/disk"));
  }

  private static void withSmallStore(World world) throws Exception {
    world.store("one");
    world.mounted("small", 2);
    world.store("small");
    world.store("three");
  }

  private static Outcome readOnly(World world) throws Exception {
    world.store("one");
    Mount mount = world.mounted("two", 16);
    world.store("two");
    mount.becomeReadOnly();
    world.server().on("/disk", exchange -> exchange.head(200).body(DISK));
    return world.bring(world.importOf("/disk"));
  }
}
