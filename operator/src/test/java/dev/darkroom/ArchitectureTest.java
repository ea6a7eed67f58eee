package dev.darkroom;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvent;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.darkroom.store.BlobStore;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The arrows of the house: who may touch whom. A rule that fails says which arrow points back. */
class ArchitectureTest {

  private static final String ROOT = "dev.darkroom";

  /** Has a store of its own, always a directory. */
  private static final String STAGING = ROOT + ".transfer.journal.Staging";

  private static final String STORE_DRIVERS = ROOT + ".controller.StoreDrivers";

  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  /** The rooms, and which others each may touch. */
  private enum Room {
    /** The API's types: whoever uses them does not get the operator with them. */
    API("api"),
    FORMAT("format"),
    /** How an S3 server is spoken to, by sources and stores. */
    S3("s3"),
    SOURCE("source", S3),
    STORE("store", S3),
    CODEC("codec"),
    SUMS("sums"),
    /** It takes only what an inspector has accepted. */
    CONVERT("convert", FORMAT),
    /** Who may see an image, worked out from objects that it is given. */
    ACCESS("access", API),
    TRANSFER("transfer", SOURCE, FORMAT, STORE, CODEC, SUMS, CONVERT),
    /**
     * Besides the API and transfers it touches what a transfer is told, for there a manifest turns
     * into it: a URL into a source, a declared format into a {@code DiskFormat}, a publisher's key
     * into one that verifies, and an ImageStore into an open store, which it also probes and, when
     * an Image goes, rids of the copy.
     */
    CONTROLLER(
        "controller", TRANSFER, ACCESS, API, SOURCE, FORMAT, STORE, S3, CODEC, SUMS, CONVERT),
    OBSERVE("observe", CONTROLLER, TRANSFER, SOURCE),
    CLI("cli", CONTROLLER, OBSERVE, TRANSFER, ACCESS, API, SOURCE, FORMAT, STORE, CODEC);

    private final String directory;

    /** Made by {@code Set.of}, which never changes, but the checker sees only a Set. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final Set<Room> mayTouch;

    Room(String directory, Room... mayTouch) {
      this.directory = directory;
      this.mayTouch = Set.of(mayTouch);
    }

    String packages() {
      return ROOT + "." + directory + "..";
    }

    boolean has(JavaClass type) {
      return resideInAPackage(packages()).test(type);
    }

    static Optional<Room> of(JavaClass type) {
      return Arrays.stream(values()).filter(room -> room.has(type)).findFirst();
    }
  }

  @ParameterizedTest
  @EnumSource
  void noArrowOfARoomPointsBack(Room room) {
    touchesOnly(room, room.mayTouch).check(HOUSE);
  }

  @Test
  void everyClassIsInARoomOfTheTable() {
    classes()
        .should(
            resideIn(
                Arrays.stream(Room.values()).map(Room::packages).toArray(String[]::new),
                "a room that stands in this test"))
        .check(HOUSE);
    for (Room room : Room.values()) {
      assertThat(HOUSE.stream().filter(room::has)).as("%s", room).isNotEmpty();
    }
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(HOUSE);
  }

  /** A store is used through the contract; only who opens one knows what kind it is. */
  @Test
  void onlyTheOneThatOpensStoresKnowsTheirDrivers() {
    noClasses()
        .that()
        .resideOutsideOfPackages("..store.filesystem..", "..store.s3..")
        .and()
        .doNotHaveFullyQualifiedName(STORE_DRIVERS)
        .and()
        .doNotHaveFullyQualifiedName(STAGING)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("..store.filesystem..", "..store.s3..")
        .check(HOUSE);
  }

  /** What each library is for; nobody else needs it. One HTTP client, one JSON mapper. */
  static List<Arguments> librariesAndTheirRooms() {
    return List.of(
        Arguments.of("io.fabric8..", Set.of(Room.API, Room.ACCESS, Room.CONTROLLER, Room.CLI)),
        Arguments.of("io.javaoperatorsdk..", Set.of(Room.CONTROLLER, Room.OBSERVE)),
        Arguments.of("io.micrometer..", Set.of(Room.OBSERVE)),
        Arguments.of("io.opentelemetry..", Set.of(Room.OBSERVE)),
        Arguments.of("org.apache.hc..", Set.of(Room.SOURCE, Room.S3)),
        Arguments.of("software.amazon.awssdk..", Set.of(Room.S3, Room.SOURCE, Room.STORE)),
        // The API's types are annotated for it; manifests, records and journals are JSON.
        Arguments.of(
            "com.fasterxml.jackson..", Set.of(Room.API, Room.SOURCE, Room.STORE, Room.TRANSFER)),
        Arguments.of("org.apache.commons.compress..", Set.of(Room.CODEC, Room.SOURCE)),
        Arguments.of("org.tukaani.xz..", Set.of(Room.CODEC)),
        Arguments.of("com.github.luben.zstd..", Set.of(Room.CODEC)),
        // The state of its SHA-256 can be written down, which scrubs do.
        Arguments.of("org.bouncycastle..", Set.of(Room.SUMS, Room.TRANSFER)),
        Arguments.of("org.eclipse.jetty..", Set.of(Room.CLI)),
        Arguments.of("picocli..", Set.of(Room.CLI)),
        Arguments.of("ch.qos.logback..", Set.of(Room.CLI)));
  }

  @ParameterizedTest
  @MethodSource("librariesAndTheirRooms")
  void aLibraryIsUsedWhereItBelongs(String library, Set<Room> rooms) {
    String[] packages = rooms.stream().map(Room::packages).toArray(String[]::new);
    noClasses()
        .that()
        .resideOutsideOfPackages(packages)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(HOUSE);
    // Else the rule is about nothing.
    assertThat(HOUSE.stream())
        .filteredOn(resideInAnyPackage(packages))
        .flatExtracting(JavaClass::getDirectDependenciesFromSelf)
        .extracting(Dependency::getTargetClass)
        .areAtLeastOne(
            new org.assertj.core.api.Condition<>(
                target -> resideInAPackage(library).test(target), "in " + library));
  }

  @Test
  void onlyACommandEndsTheProcess() {
    noClasses()
        .that()
        .resideOutsideOfPackage(Room.CLI.packages())
        .should()
        .accessTargetWhere(endsTheProcess())
        .check(HOUSE);
  }

  @Test
  void nobodySleeps() {
    noClasses().should().accessTargetWhere(sleeps()).check(HOUSE);
  }

  /**
   * A reconciler must not wait for a store: the first two have threads for it, and the third's
   * {@code open} counts as store I/O itself.
   */
  @Test
  void onlyTheOnesThatHaveThreadsForItDoStoreIo() {
    noClasses()
        .that()
        .resideInAPackage(Room.CONTROLLER.packages())
        .and()
        .doNotHaveFullyQualifiedName(ROOT + ".controller.StoreProbes")
        .and()
        .doNotHaveFullyQualifiedName(ROOT + ".controller.CopyDeletion")
        .and()
        .doNotHaveFullyQualifiedName(STORE_DRIVERS)
        .and()
        .doNotHaveFullyQualifiedName(STAGING)
        .should()
        .accessTargetWhere(doesStoreIo())
        .check(HOUSE);
  }

  @Test
  void noReconcilerOrWhatItAsksDoesFileOrSocketIo() {
    noClasses()
        .that()
        .resideInAPackage(Room.CONTROLLER.packages())
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("java.nio.channels..", "java.net.http..")
                .or(describe("do I/O", type -> IO_CLASSES.contains(type.getName()))))
        .check(HOUSE);
  }

  private static final Set<String> IO_CLASSES =
      Set.of(
          "java.io.File",
          "java.io.FileInputStream",
          "java.io.FileOutputStream",
          "java.io.RandomAccessFile",
          "java.net.Socket",
          "java.net.URLConnection",
          "java.nio.file.Files");

  @Test
  void anArrowThatPointsBackIsNamedWithWhoDrawsIt() {
    assertThatThrownBy(
            () -> touchesOnly(Room.TRANSFER, Set.of(Room.STORE, Room.FORMAT)).check(HOUSE))
        .hasMessageContaining("transfer ──► source points back: ")
        .hasMessageContaining("dev.darkroom.transfer.TransferRequest")
        .hasMessageContaining("dev.darkroom.source.Source");
  }

  @Test
  void theRulesSeeWhatTheyForbid() {
    JavaClasses offenders = new ClassFileImporter().importClasses(Offender.class);

    for (DescribedPredicate<JavaAccess<?>> forbidden :
        List.of(sleeps(), endsTheProcess(), doesStoreIo())) {
      assertThatThrownBy(() -> noClasses().should().accessTargetWhere(forbidden).check(offenders))
          .hasMessageContaining(forbidden.getDescription())
          .hasMessageContaining("Offender");
    }
  }

  /** Does all that is forbidden, in the less obvious ways. */
  static final class Offender {

    static void sleep() throws InterruptedException {
      TimeUnit.SECONDS.sleep(1);
    }

    static void end() {
      Runtime.getRuntime().halt(1);
    }

    static java.util.concurrent.Callable<Integer> sweep(BlobStore store) {
      return store::sweep;
    }
  }

  private static ArchRule touchesOnly(Room room, Set<Room> others) {
    return classes()
        .that()
        .resideInAPackage(room.packages())
        .should(
            new ArchCondition<JavaClass>("touch only " + others + " of the house") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                  Room.of(dependency.getTargetClass())
                      .filter(target -> target != room && !others.contains(target))
                      .ifPresent(target -> events.add(pointsBack(room, target, dependency)));
                }
              }
            });
  }

  private static ConditionEvent pointsBack(Room from, Room to, Dependency dependency) {
    return SimpleConditionEvent.violated(
        dependency,
        from.directory + " ──► " + to.directory + " points back: " + dependency.getDescription());
  }

  private static ArchCondition<JavaClass> resideIn(String[] packages, String description) {
    return ArchCondition.from(resideInAnyPackage(packages).as("be in " + description));
  }

  private static DescribedPredicate<JavaAccess<?>> endsTheProcess() {
    Set<String> names = Set.of("exit", "halt");
    return describe(
        "it ends the process",
        access ->
            names.contains(access.getName())
                && (access.getTargetOwner().isEquivalentTo(System.class)
                    || access.getTargetOwner().isEquivalentTo(Runtime.class)));
  }

  private static DescribedPredicate<JavaAccess<?>> sleeps() {
    return describe(
        "it sleeps",
        access ->
            access.getName().equals("sleep")
                && (access.getTargetOwner().isEquivalentTo(Thread.class)
                    || access.getTargetOwner().isEquivalentTo(TimeUnit.class)));
  }

  /** What a store says of itself, and letting go of it, is no I/O. */
  private static DescribedPredicate<JavaAccess<?>> doesStoreIo() {
    Set<String> harmless = Set.of("capabilities", "close");
    return describe(
        "it waits for a store",
        access ->
            (access.getTargetOwner().isAssignableTo(BlobStore.class)
                    && !harmless.contains(access.getName()))
                || (access.getTargetOwner().getName().equals(STORE_DRIVERS)
                    && access.getName().equals("open")));
  }
}
