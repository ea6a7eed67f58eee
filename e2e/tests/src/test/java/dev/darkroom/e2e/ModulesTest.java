package dev.darkroom.e2e;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.darkroom.e2e.apiserver.ApiServer;
import dev.darkroom.e2e.dev.DarkroomDev;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The modules of e2e, and which may use which. */
class ModulesTest {

  private static final String API_SERVER = "dev.darkroom.e2e.apiserver..";
  private static final String DEV = "dev.darkroom.e2e.dev..";

  /** What other modules may use of the API server's module. */
  private static final Set<String> DOOR =
      Set.of(ApiServer.class.getName(), ApiServer.Options.class.getName());

  /** Main classes and tests of the dev module, main classes of the others, and the tests here. */
  private static final JavaClasses MODULES =
      new ClassFileImporter()
          .importPaths(
              RepositoryFiles.ROOT.resolve("e2e/apiserver/target/classes"),
              RepositoryFiles.ROOT.resolve("e2e/dev/target/classes"),
              RepositoryFiles.ROOT.resolve("e2e/dev/target/test-classes"),
              RepositoryFiles.ROOT.resolve("e2e/tests/target/test-classes"));

  @Test
  void onlyTheDoorOfTheApiServerIsUsedByOthers() {
    noClasses()
        .that()
        .resideOutsideOfPackage(API_SERVER)
        .should()
        .dependOnClassesThat(behindTheDoor())
        .check(MODULES);
    assertThat(MODULES.contain("dev.darkroom.e2e.dev.SamplesTest")).isTrue();
    assertThat(MODULES.contain(DarkroomDev.class)).isTrue();
    assertThat(MODULES.stream().filter(behindTheDoor())).hasSizeGreaterThan(50);
  }

  @Test
  void theApiServerUsesNothingElseOfDarkroom() {
    noClasses()
        .that()
        .resideInAPackage(API_SERVER)
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.darkroom..")
                .and(describe("elsewhere", type -> !resideInAPackage(API_SERVER).test(type))))
        .check(MODULES);
  }

  @Test
  void theTestsDoNotUseTheDevProgram() {
    noClasses()
        .that()
        .resideOutsideOfPackage(DEV)
        .and()
        .doNotBelongToAnyOf(ModulesTest.class)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(DEV)
        .check(MODULES);
  }

  private static DescribedPredicate<JavaClass> behindTheDoor() {
    return describe(
        "are behind the door of the API server",
        type -> resideInAPackage(API_SERVER).test(type) && !DOOR.contains(type.getName()));
  }
}
