package dev.darkroom;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static dev.darkroom.testing.architecture.EngineRooms.CODEC;
import static dev.darkroom.testing.architecture.EngineRooms.CONCURRENT;
import static dev.darkroom.testing.architecture.EngineRooms.CONVERT;
import static dev.darkroom.testing.architecture.EngineRooms.FORMAT;
import static dev.darkroom.testing.architecture.EngineRooms.RETRY;
import static dev.darkroom.testing.architecture.EngineRooms.S3;
import static dev.darkroom.testing.architecture.EngineRooms.SOURCE;
import static dev.darkroom.testing.architecture.EngineRooms.STORE;
import static dev.darkroom.testing.architecture.EngineRooms.SUMS;
import static dev.darkroom.testing.architecture.EngineRooms.TRANSFER;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.darkroom.store.BlobStore;
import dev.darkroom.testing.architecture.EngineRooms;
import dev.darkroom.testing.architecture.Room;
import dev.darkroom.testing.architecture.Rules;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The allowed dependencies between packages. A failed rule names the forbidden dependency. */
class ArchitectureTest {

  private static final String ROOT = Room.ROOT;

  /** Opens a filesystem store for the staging directory. */
  private static final String STAGING = ROOT + ".transfer.resume.StagingDirectory";

  private static final String STORE_DRIVERS = ROOT + ".controller.store.StoreFactory";

  private static final JavaClasses HOUSE = Rules.house();

  // The rooms of the program, and the rooms that each may use.

  /** The API's types, without a dependency on the operator. */
  private static final Room API = Room.of("api");

  /** Decides the visibility of an image from the objects that a caller passes. */
  private static final Room ACCESS = Room.of("access", API);

  /**
   * Uses nearly every room, because manifests become requests here: a URL becomes a source, a
   * declared format a {@code DiskFormat}, a publisher's key a verification key, and an ImageStore
   * an open store, which is also probed, and from which copies are deleted.
   */
  private static final Room CONTROLLER =
      Room.of(
          "controller",
          TRANSFER,
          ACCESS,
          API,
          SOURCE,
          FORMAT,
          STORE,
          S3,
          CODEC,
          SUMS,
          CONVERT,
          CONCURRENT,
          RETRY);

  private static final Room OBSERVE = Room.of("observe", CONTROLLER, TRANSFER, SOURCE);

  private static final Room CLI =
      Room.of("cli", CONTROLLER, OBSERVE, TRANSFER, ACCESS, API, SOURCE, FORMAT, STORE, CODEC);

  private static final List<Room> ROOMS =
      Stream.concat(EngineRooms.ALL.stream(), Stream.of(API, ACCESS, CONTROLLER, OBSERVE, CLI))
          .toList();

  @ParameterizedTest
  @FieldSource("ROOMS")
  void noArrowOfARoomPointsBack(Room room) {
    Rules.touchesOnly(room, room.mayTouch(), ROOMS).check(HOUSE);
  }

  @Test
  void everyClassIsInARoomOfTheTable() {
    Rules.assertEveryClassIsIn(ROOMS, HOUSE);
  }

  @Test
  void packagesFormNoCycle() {
    Rules.packagesFormNoCycle().check(HOUSE);
  }

  /** Stores are used through their interface: only the factories know a driver. */
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

  /** The only rooms that use each library. One HTTP client, one JSON mapper. */
  static Stream<Arguments> librariesAndTheirRooms() {
    Map<String, Set<Room>> rooms = new TreeMap<>(EngineRooms.LIBRARIES);
    // The API's types are annotated for it; manifests, records and journals are JSON.
    rooms.put("com.fasterxml.jackson..", Set.of(API, SOURCE, STORE, TRANSFER));
    rooms.put("io.fabric8..", Set.of(API, ACCESS, CONTROLLER, CLI));
    rooms.put("io.javaoperatorsdk..", Set.of(CONTROLLER, OBSERVE));
    rooms.put("io.micrometer..", Set.of(OBSERVE));
    rooms.put("io.opentelemetry..", Set.of(OBSERVE));
    rooms.put("org.eclipse.jetty..", Set.of(CLI));
    rooms.put("picocli..", Set.of(CLI));
    rooms.put("ch.qos.logback..", Set.of(CLI));
    return rooms.entrySet().stream().map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
  }

  @ParameterizedTest
  @MethodSource("librariesAndTheirRooms")
  void aLibraryIsUsedWhereItBelongs(String library, Set<Room> rooms) {
    Rules.assertIsUsedOnlyIn(rooms, library, HOUSE);
  }

  @Test
  void onlyACommandEndsTheProcess() {
    noClasses()
        .that()
        .resideOutsideOfPackage(CLI.packages())
        .should()
        .accessTargetWhere(Rules.endsTheProcess())
        .check(HOUSE);
  }

  @Test
  void noClassSleeps() {
    noClasses().should().accessTargetWhere(Rules.sleeps()).check(HOUSE);
  }

  /**
   * A reconciler must not wait for a store. The first two classes use threads of their own. {@code
   * open} of the third counts as store I/O itself.
   */
  @Test
  void onlyTheOnesThatHaveThreadsForItDoStoreIo() {
    noClasses()
        .that()
        .resideInAPackage(CONTROLLER.packages())
        .and()
        .doNotHaveFullyQualifiedName(ROOT + ".controller.store.StoreProbes")
        .and()
        .doNotHaveFullyQualifiedName(ROOT + ".controller.store.CopyDeletion")
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
        .resideInAPackage(CONTROLLER.packages())
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
    assertThatThrownBy(() -> Rules.touchesOnly(TRANSFER, Set.of(STORE, FORMAT), ROOMS).check(HOUSE))
        .hasMessageContaining("transfer ──► source points back: ")
        .hasMessageContaining("dev.darkroom.transfer.")
        .hasMessageContaining("dev.darkroom.source.Source");
  }

  @Test
  void theRulesSeeWhatTheyForbid() {
    JavaClasses offenders = new ClassFileImporter().importClasses(Offender.class);

    for (DescribedPredicate<JavaAccess<?>> forbidden :
        List.of(Rules.sleeps(), Rules.endsTheProcess(), doesStoreIo())) {
      assertThatThrownBy(() -> noClasses().should().accessTargetWhere(forbidden).check(offenders))
          .hasMessageContaining(forbidden.getDescription())
          .hasMessageContaining("Offender");
    }
  }

  /** Breaks every rule, in less obvious ways. */
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

  /** Reading the capabilities of a store and closing it are no I/O. */
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
