package dev.darkroom.e2e.conformance;

import static dev.darkroom.e2e.conformance.World.DISK;

import dev.darkroom.e2e.conformance.Case.Group;
import dev.darkroom.store.StoreException.Kind;
import dev.darkroom.testing.FaultyServerFile;
import dev.darkroom.testing.FaultyStore;
import dev.darkroom.testing.FaultyStore.Operation;
import dev.darkroom.testing.Mount;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Reason;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

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
            "disk full, two copies needed",
            "The same, but two copies are enough.",
            StoreCases::fullButTwoAreEnough,
            Check.storedOnlyIn("one", "three")
                .and(
                    "the other missed for StoreFull",
                    (world, outcome) -> missed(outcome, "small", Reason.STORE_FULL))),
        new Case(
            Group.STORE,
            "too small, two copies needed",
            "One of three stores has 2 MiB of room and the source says that it gives 3 MB, but two"
                + " copies are enough.",
            world -> {
              withSmallStore(world);
              world.serve("/disk", new FaultyServerFile(DISK, "\"one\""));
              return world.bring(world.importOf("/disk").minCopies(2));
            },
            Check.storedOnlyIn("one", "three")
                .and(
                    "the other missed for StoreFull",
                    (world, outcome) -> missed(outcome, "small", Reason.STORE_FULL))),
        enough(
            "store dies, two copies needed",
            "One of three stores fails half-way and stays away, but two copies are enough.",
            store -> store.on(Operation.APPEND).from(3).fails(Kind.UNAVAILABLE)),
        enough(
            "store can't publish, two copies needed",
            "One of three stores never publishes, but two copies are enough.",
            store -> store.on(Operation.COMMIT).always().fails(Kind.UNAVAILABLE)),
        enough(
            "store can't be opened, two copies needed",
            "One of three stores is down from the start, but two copies are enough.",
            store -> store.goesDown(Kind.UNAVAILABLE)),
        new Case(
            Group.STORE,
            "two stores die, two copies needed",
            "Two of three stores fail half-way, and two copies are needed.",
            world -> {
              Consumer<FaultyStore> dies =
                  store -> store.on(Operation.APPEND).from(3).fails(Kind.UNAVAILABLE);
              threeStores(world, dies, dies);
              return world.bring(world.importOf("/disk").minCopies(2));
            },
            Check.failed(Reason.STORE_UNAVAILABLE)),
        new Case(
            Group.STORE,
            "checksum mismatch, one copy needed",
            "One copy is enough, but no store may have a wrong one.",
            world -> {
              threeStores(world, store -> {});
              Checksum wrong = World.checksum(Bytes.inverted(DISK));
              return world.bring(world.importOf("/disk").minCopies(1).checksum(Optional.of(wrong)));
            },
            Check.failed(Reason.CHECKSUM_MISMATCH)),
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
            Check.failed(Reason.STORE_READ_ONLY)),
        flapping(
            "store flaps mid fan-out",
            "One of three stores fails once, half-way; the import is tried again.",
            store -> store.on(Operation.APPEND).nth(3).fails(Kind.UNAVAILABLE)),
        flapping(
            "store flaps at publication",
            "One of three stores fails once, when its copy is to be published; the import is tried"
                + " again.",
            store -> store.on(Operation.COMMIT).nth(1).fails(Kind.UNAVAILABLE)),
        flapping(
            "store loses its answer",
            "One of three stores publishes its copy and says that it did not; the import is tried"
                + " again.",
            store -> store.on(Operation.COMMIT).nth(1).losesItsAnswer()),
        new Case(
            Group.STORE,
            "store dies mid fan-out",
            "One of three stores fails half-way and stays away. All copies are needed.",
            world -> {
              threeStores(
                  world, store -> store.on(Operation.APPEND).from(3).fails(Kind.UNAVAILABLE));
              return world.bring(world.importOf("/disk"));
            },
            Check.failed(Reason.STORE_UNAVAILABLE)),
        new Case(
            Group.STORE,
            "store can't publish",
            "One of three stores takes all bytes and never publishes them. All copies are needed.",
            world -> {
              threeStores(
                  world, store -> store.on(Operation.COMMIT).always().fails(Kind.UNAVAILABLE));
              return world.bring(world.importOf("/disk"));
            },
            Check.failed(Reason.STORE_UNAVAILABLE)));
  }

  private static Case enough(String name, String done, Consumer<FaultyStore> fault) {
    return new Case(
        Group.STORE,
        name,
        done,
        world -> {
          threeStores(world, fault);
          return world.bring(world.importOf("/disk").minCopies(2));
        },
        Check.storedOnlyIn("one", "three")
            .and(
                "the other missed for StoreUnavailable",
                (world, outcome) -> missed(outcome, "two", Reason.STORE_UNAVAILABLE)));
  }

  private static Optional<String> missed(Outcome outcome, String store, Reason reason) {
    return outcome instanceof Outcome.Stored stored
            && stored.failures().containsKey(store)
            && stored.failures().get(store).reason() == reason
        ? Optional.empty()
        : Optional.of("it does not say that " + store + " was missed for " + reason.apiName());
  }

  /** Fails at first, and what is there then is whole; a second attempt succeeds. */
  private static Case flapping(String name, String done, Consumer<FaultyStore> fault) {
    return new Case(
        Group.STORE,
        name,
        done,
        world -> {
          threeStores(world, fault);
          Outcome first = world.bring(world.importOf("/disk"));
          Optional<String> problem = Invariants.unverified(world);
          if (problem.isPresent() || !(first instanceof Outcome.Failed)) {
            throw new IOException(
                "the first attempt: "
                    + Result.words(first)
                    + "; "
                    + problem.orElse("all is whole"));
          }
          return world.bring(world.importOf("/disk"));
        },
        Check.stored());
  }

  private static void threeStores(World world, Consumer<FaultyStore> fault) throws IOException {
    threeStores(world, fault, sound -> {});
  }

  private static void threeStores(
      World world, Consumer<FaultyStore> ofTwo, Consumer<FaultyStore> ofThree) throws IOException {
    world.server().on("/disk", exchange -> exchange.head(200).body(DISK));
    world.store("one");
    faulty(world, "two", ofTwo);
    faulty(world, "three", ofThree);
  }

  private static void faulty(World world, String name, Consumer<FaultyStore> fault)
      throws IOException {
    world.store(
        name,
        sound -> {
          FaultyStore faulty = FaultyStore.over(sound);
          fault.accept(faulty);
          return faulty;
        });
  }

  private static Outcome full(World world) throws Exception {
    withSmallStore(world);
    world.server().on("/disk", exchange -> exchange.head(200).body(DISK));
    return world.bring(world.importOf("/disk"));
  }

  private static Outcome fullButTwoAreEnough(World world) throws Exception {
    withSmallStore(world);
    world.server().on("/disk", exchange -> exchange.head(200).body(DISK));
    return world.bring(world.importOf("/disk").minCopies(2));
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
