package dev.darkroom;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.darkroom.testing.architecture.EngineRooms;
import dev.darkroom.testing.architecture.Room;
import dev.darkroom.testing.architecture.Rules;
import java.io.File;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rooms of the engine, and what none of them may use. */
class EngineArchitectureTest {

  /** Has a store of its own, always a directory. */
  private static final String STAGING = Room.ROOT + ".transfer.resume.StagingDirectory";

  private static final JavaClasses ENGINE = Rules.house();

  @ParameterizedTest
  @FieldSource("dev.darkroom.testing.architecture.EngineRooms#ALL")
  void noArrowOfARoomPointsBack(Room room) {
    Rules.touchesOnly(room, room.mayTouch(), EngineRooms.ALL).check(ENGINE);
  }

  @Test
  void everyClassIsInARoomOfTheTable() {
    Rules.assertEveryClassIsIn(EngineRooms.ALL, ENGINE);
  }

  @Test
  void packagesFormNoCycle() {
    Rules.packagesFormNoCycle().check(ENGINE);
  }

  /** A store is used through the contract. */
  @Test
  void onlyTheStagingDirectoryKnowsADriverOfStores() {
    noClasses()
        .that()
        .resideOutsideOfPackages("..store.filesystem..", "..store.s3..")
        .and()
        .doNotHaveFullyQualifiedName(STAGING)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("..store.filesystem..", "..store.s3..")
        .check(ENGINE);
  }

  static Stream<Arguments> librariesAndTheirRooms() {
    return EngineRooms.LIBRARIES.entrySet().stream()
        .map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
  }

  @ParameterizedTest
  @MethodSource("librariesAndTheirRooms")
  void aLibraryIsUsedWhereItBelongs(String library, Set<Room> rooms) {
    Rules.assertIsUsedOnlyIn(rooms, library, ENGINE);
  }

  @Test
  void noClassEndsTheProcess() {
    noClasses().should().accessTargetWhere(Rules.endsTheProcess()).check(ENGINE);
  }

  @Test
  void noClassSleeps() {
    noClasses().should().accessTargetWhere(Rules.sleeps()).check(ENGINE);
  }

  @Test
  void noClassUsesKubernetesOrTheProgram() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.fabric8..",
            "io.javaoperatorsdk..",
            "io.kubernetes..",
            Room.ROOT + ".api..",
            Room.ROOT + ".access..",
            Room.ROOT + ".controller..",
            Room.ROOT + ".observe..",
            Room.ROOT + ".cli..")
        .check(ENGINE);
  }

  /** The class path of the tests has every dependency of the engine, and those of the tests. */
  @Test
  void noKubernetesLibraryIsOnTheClassPath() {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> files =
        Stream.of(classPath.split(File.pathSeparator))
            .map(path -> new File(path).getPath())
            .toList();

    assertThat(files)
        .anyMatch(file -> file.contains("httpclient5"))
        .noneMatch(file -> file.matches(".*(fabric8|javaoperatorsdk|kubernetes|darkroom-crds).*"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "io.fabric8.kubernetes.client.KubernetesClient",
        "io.fabric8.kubernetes.api.model.HasMetadata",
        "io.javaoperatorsdk.operator.Operator",
        "dev.darkroom.api.Image"
      })
  void noKubernetesClassCanBeLoaded(String name) {
    assertThatThrownBy(() -> Class.forName(name)).isInstanceOf(ClassNotFoundException.class);
  }
}
