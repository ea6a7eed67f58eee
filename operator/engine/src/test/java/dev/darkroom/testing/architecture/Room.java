package dev.darkroom.testing.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Set;

/**
 * A top-level package below {@code dev.darkroom}, its subpackages included.
 *
 * @param directory its name
 * @param mayTouch the other rooms that its classes may depend on
 */
public record Room(String directory, Set<Room> mayTouch) {

  /** The package that all rooms are in. */
  public static final String ROOT = "dev.darkroom";

  /** Copies the set. */
  public Room {
    mayTouch = Set.copyOf(mayTouch);
  }

  /** A room that may touch these others. */
  public static Room of(String directory, Room... mayTouch) {
    return new Room(directory, Set.of(mayTouch));
  }

  /** Its packages as ArchUnit writes them. */
  public String packages() {
    return ROOT + "." + directory + "..";
  }

  /** Whether the class is in it. */
  public boolean has(JavaClass type) {
    return resideInAPackage(packages()).test(type);
  }

  @Override
  public String toString() {
    return directory;
  }
}
