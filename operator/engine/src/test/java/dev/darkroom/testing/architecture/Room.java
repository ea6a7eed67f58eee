package dev.darkroom.testing.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Set;

/**
 * A top-level package below {@code dev.darkroom}, its subpackages included.
 *
 * @param directory its name
 * @param mayTouch the rooms that its classes may depend on
 */
public record Room(String directory, Set<Room> mayTouch) {

  /** The parent of all rooms. */
  public static final String ROOT = "dev.darkroom";

  /** Copies the set. */
  public Room {
    mayTouch = Set.copyOf(mayTouch);
  }

  /** Makes a room that may depend on the others. */
  public static Room of(String directory, Room... mayTouch) {
    return new Room(directory, Set.of(mayTouch));
  }

  /** Returns its packages as an ArchUnit pattern. */
  public String packages() {
    return ROOT + "." + directory + "..";
  }

  /** Returns whether the class is in the room. */
  public boolean has(JavaClass type) {
    return resideInAPackage(packages()).test(type);
  }

  @Override
  public String toString() {
    return directory;
  }
}
