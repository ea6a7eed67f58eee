package dev.darkroom.testing.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Condition;

/** Rules that hold in the engine and in the program. */
public final class Rules {

  private Rules() {}

  /** All main classes of Darkroom on the class path. */
  public static JavaClasses house() {
    return new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .withImportOption(location -> !location.contains("-tests.jar"))
        .importPackages(Room.ROOT);
  }

  /** The room's classes depend on no room of the house but these and their own. */
  public static ArchRule touchesOnly(Room room, Set<Room> others, List<Room> house) {
    return classes()
        .that()
        .resideInAPackage(room.packages())
        .should(
            new ArchCondition<JavaClass>("touch only " + others + " of the house") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                  house.stream()
                      .filter(target -> target.has(dependency.getTargetClass()))
                      .filter(target -> !target.equals(room) && !others.contains(target))
                      .forEach(
                          target ->
                              events.add(
                                  SimpleConditionEvent.violated(
                                      dependency,
                                      "%s ──► %s points back: %s"
                                          .formatted(room, target, dependency.getDescription()))));
                }
              }
            });
  }

  /** Every class is in one of the rooms, and no room is empty. */
  public static void assertEveryClassIsIn(List<Room> rooms, JavaClasses house) {
    classes()
        .should(
            ArchCondition.from(
                resideInAnyPackage(packages(rooms)).as("be in a room that stands in this test")))
        .check(house);
    for (Room room : rooms) {
      assertThat(house.stream().filter(room::has)).as("%s", room).isNotEmpty();
    }
  }

  /** No cycle between packages. */
  public static ArchRule packagesFormNoCycle() {
    return slices().matching(Room.ROOT + ".(**)").should().beFreeOfCycles();
  }

  /** These rooms use the library, and no other class does. */
  public static void assertIsUsedOnlyIn(Set<Room> rooms, String library, JavaClasses house) {
    String[] packages = packages(List.copyOf(rooms));
    noClasses()
        .that()
        .resideOutsideOfPackages(packages)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(house);
    // Otherwise the rule checks nothing.
    assertThat(house.stream())
        .filteredOn(resideInAnyPackage(packages))
        .flatExtracting(JavaClass::getDirectDependenciesFromSelf)
        .extracting(Dependency::getTargetClass)
        .areAtLeastOne(
            new Condition<>(target -> resideInAPackage(library).test(target), "in " + library));
  }

  /** The access ends the Java process. */
  public static DescribedPredicate<JavaAccess<?>> endsTheProcess() {
    Set<String> names = Set.of("exit", "halt");
    return describe(
        "it ends the process",
        access ->
            names.contains(access.getName())
                && (access.getTargetOwner().isEquivalentTo(System.class)
                    || access.getTargetOwner().isEquivalentTo(Runtime.class)));
  }

  /** The access makes its thread sleep. */
  public static DescribedPredicate<JavaAccess<?>> sleeps() {
    return describe(
        "it sleeps",
        access ->
            access.getName().equals("sleep")
                && (access.getTargetOwner().isEquivalentTo(Thread.class)
                    || access.getTargetOwner().isEquivalentTo(TimeUnit.class)));
  }

  private static String[] packages(List<Room> rooms) {
    return rooms.stream().map(Room::packages).toArray(String[]::new);
  }
}
