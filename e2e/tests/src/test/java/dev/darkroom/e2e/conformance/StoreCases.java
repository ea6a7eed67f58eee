package dev.darkroom.e2e.conformance;

import static dev.darkroom.e2e.conformance.TestBed.DISK;

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

/** Stores that are full, unavailable, or fail once. */
final class StoreCases {

  private StoreCases() {}

  static List<Case> all() {
    return List.of(
        new Case(
            Group.STORE,
            "disk full in one of three",
            "One of three stores has a file system of 2 MiB; the source has 3 MB and announces no"
                + " length. All copies are required.",
            StoreCases::full,
            Expectation.failed(Reason.STORE_FULL)),
        new Case(
            Group.STORE,
            "disk full, two copies required",
            "The same, but two copies are sufficient.",
            StoreCases::fullWithTwoOfThree,
            Expectation.storedOnlyIn("one", "three")
                .and(
                    "two missed for StoreFull",
                    (bed, outcome) -> missed(outcome, "small", Reason.STORE_FULL))),
        new Case(
            Group.STORE,
            "too small, two copies required",
            "One of three stores has 2 MiB available; the source announces 3 MB. Two copies"
                + " are sufficient.",
            bed -> {
              withSmallStore(bed);
              bed.serve("/disk", new FaultyServerFile(DISK, "\"one\""));
              return bed.run(bed.importOf("/disk").minCopies(2));
            },
            Expectation.storedOnlyIn("one", "three")
                .and(
                    "two missed for StoreFull",
                    (bed, outcome) -> missed(outcome, "small", Reason.STORE_FULL))),
        twoOfThree(
            "store fails, two copies required",
            "One of three stores fails permanently after half. Two copies are sufficient.",
            store -> store.on(Operation.APPEND).from(3).fails(Kind.UNAVAILABLE)),
        twoOfThree(
            "publication fails, two copies required",
            "One of three stores fails each publication. Two copies are sufficient.",
            store -> store.on(Operation.COMMIT).always().fails(Kind.UNAVAILABLE)),
        twoOfThree(
            "open fails, two copies required",
            "One of three stores is unavailable from the start. Two copies are sufficient.",
            store -> store.goesDown(Kind.UNAVAILABLE)),
        new Case(
            Group.STORE,
            "two stores fail, two copies required",
            "Two of three stores fail after half. Two copies are required.",
            bed -> {
              Consumer<FaultyStore> dies =
                  store -> store.on(Operation.APPEND).from(3).fails(Kind.UNAVAILABLE);
              threeStores(bed, dies, dies);
              return bed.run(bed.importOf("/disk").minCopies(2));
            },
            Expectation.failed(Reason.STORE_UNAVAILABLE)),
        new Case(
            Group.STORE,
            "checksum mismatch, one copy required",
            "One copy is sufficient, and no store may have a wrong copy.",
            bed -> {
              threeStores(bed, store -> {});
              Checksum wrong = TestBed.checksum(TestBytes.inverted(DISK));
              return bed.run(bed.importOf("/disk").minCopies(1).checksum(Optional.of(wrong)));
            },
            Expectation.failed(Reason.CHECKSUM_MISMATCH)),
        new Case(
            Group.STORE,
            "too small from the start",
            "One of three stores has 2 MiB available; the source announces 3 MB.",
            StoreCases::tooSmall,
            Expectation.failed(Reason.STORE_FULL)),
        new Case(
            Group.STORE,
            "read-only file system",
            "The file system of one of two stores becomes read-only after the store is opened.",
            StoreCases::readOnly,
            Expectation.failed(Reason.STORE_READ_ONLY)),
        failingOnce(
            "store fails once",
            "One of three stores fails once, after half; the import is tried again.",
            store -> store.on(Operation.APPEND).nth(3).fails(Kind.UNAVAILABLE)),
        failingOnce(
            "store fails once, at publication",
            "One of three stores fails once, at the publication of its copy; the import is tried"
                + " again.",
            store -> store.on(Operation.COMMIT).nth(1).fails(Kind.UNAVAILABLE)),
        failingOnce(
            "lost response at publication",
            "One of three stores publishes its copy and reports a failure; the import is tried"
                + " again.",
            store -> store.on(Operation.COMMIT).nth(1).losesItsAnswer()),
        new Case(
            Group.STORE,
            "store fails",
            "One of three stores fails permanently after half. All copies are required.",
            bed -> {
              threeStores(bed, store -> store.on(Operation.APPEND).from(3).fails(Kind.UNAVAILABLE));
              return bed.run(bed.importOf("/disk"));
            },
            Expectation.failed(Reason.STORE_UNAVAILABLE)),
        new Case(
            Group.STORE,
            "publication fails",
            "One of three stores accepts all bytes and fails each publication. All copies are"
                + " required.",
            bed -> {
              threeStores(
                  bed, store -> store.on(Operation.COMMIT).always().fails(Kind.UNAVAILABLE));
              return bed.run(bed.importOf("/disk"));
            },
            Expectation.failed(Reason.STORE_UNAVAILABLE)));
  }

  private static Case twoOfThree(String name, String done, Consumer<FaultyStore> fault) {
    return new Case(
        Group.STORE,
        name,
        done,
        bed -> {
          threeStores(bed, fault);
          return bed.run(bed.importOf("/disk").minCopies(2));
        },
        Expectation.storedOnlyIn("one", "three")
            .and(
                "two missed for StoreUnavailable",
                (bed, outcome) -> missed(outcome, "two", Reason.STORE_UNAVAILABLE)));
  }

  private static Optional<String> missed(Outcome outcome, String store, Reason reason) {
    return outcome instanceof Outcome.Stored stored
            && stored.failures().containsKey(store)
            && stored.failures().get(store).reason() == reason
        ? Optional.empty()
        : Optional.of("the outcome lacks that " + store + " was missed for " + reason.apiName());
  }

  /** The first attempt fails and violates no invariant; the second one succeeds. */
  private static Case failingOnce(String name, String done, Consumer<FaultyStore> fault) {
    return new Case(
        Group.STORE,
        name,
        done,
        bed -> {
          threeStores(bed, fault);
          Outcome first = bed.run(bed.importOf("/disk"));
          Optional<String> problem = Invariants.unverified(bed);
          if (problem.isPresent() || !(first instanceof Outcome.Failed)) {
            throw new IOException(
                "the first attempt: "
                    + CaseResult.words(first)
                    + "; "
                    + problem.orElse("no invariant violated"));
          }
          return bed.run(bed.importOf("/disk"));
        },
        Expectation.stored());
  }

  private static void threeStores(TestBed bed, Consumer<FaultyStore> fault) throws IOException {
    threeStores(bed, fault, sound -> {});
  }

  private static void threeStores(
      TestBed bed, Consumer<FaultyStore> ofTwo, Consumer<FaultyStore> ofThree) throws IOException {
    bed.server().on("/disk", exchange -> exchange.head(200).body(DISK));
    bed.store("one");
    faulty(bed, "two", ofTwo);
    faulty(bed, "three", ofThree);
  }

  private static void faulty(TestBed bed, String name, Consumer<FaultyStore> fault)
      throws IOException {
    bed.store(
        name,
        sound -> {
          FaultyStore faulty = FaultyStore.over(sound);
          fault.accept(faulty);
          return faulty;
        });
  }

  private static Outcome full(TestBed bed) throws Exception {
    withSmallStore(bed);
    bed.server().on("/disk", exchange -> exchange.head(200).body(DISK));
    return bed.run(bed.importOf("/disk"));
  }

  private static Outcome fullWithTwoOfThree(TestBed bed) throws Exception {
    withSmallStore(bed);
    bed.server().on("/disk", exchange -> exchange.head(200).body(DISK));
    return bed.run(bed.importOf("/disk").minCopies(2));
  }

  private static Outcome tooSmall(TestBed bed) throws Exception {
    withSmallStore(bed);
    bed.server()
        .on("/disk", exchange -> exchange.head(200, "Content-Length: " + DISK.length).body(DISK));
    return bed.run(bed.importOf("/disk"));
  }

  private static void withSmallStore(TestBed bed) throws Exception {
    bed.store("one");
    bed.mounted("small", 2);
    bed.store("small");
    bed.store("three");
  }

  private static Outcome readOnly(TestBed bed) throws Exception {
    bed.store("one");
    Mount mount = bed.mounted("two", 16);
    bed.store("two");
    mount.becomeReadOnly();
    bed.server().on("/disk", exchange -> exchange.head(200).body(DISK));
    return bed.run(bed.importOf("/disk"));
  }
}
