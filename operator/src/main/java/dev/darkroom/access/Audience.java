package dev.darkroom.access;

import dev.darkroom.api.Visibility;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Who sees an image, for people.
 *
 * @param visibility what its owner asks for
 * @param reach whether that is anybody outside of the namespace
 * @param who a sentence
 */
public record Audience(Visibility visibility, Reach reach, String who) {

  /** How far an image is seen. */
  public enum Reach {
    /** By its own namespace. */
    INSIDE,
    /** By somebody else too. */
    OUTSIDE
  }

  private static final int NAMED = 10;

  /** What the visibility is called in the API. */
  public String reason() {
    return name(visibility);
  }

  static String name(Visibility visibility) {
    String name = visibility.name();
    return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
  }

  /**
   * Of an image.
   *
   * @param leftOut how many people of its members there are too many to be let at it
   */
  public static Audience of(Sharing sharing, int leftOut) {
    Visibility visibility = sharing.image().getSpec().visibility();
    String bytes = sharing.image().getSpec().deactivated() ? " Its bytes are withheld." : "";
    return switch (visibility) {
      case PRIVATE ->
          new Audience(visibility, Reach.INSIDE, "Only the image's own namespace may see it.");
      case SHARED -> shared(sharing, leftOut, bytes);
      case COMMUNITY ->
          new Audience(
              visibility, Reach.OUTSIDE, "Everybody who knows its name may see it." + bytes);
      case PUBLIC ->
          new Audience(
              visibility,
              Reach.OUTSIDE,
              (sharing.image().getSpec().hidden()
                      ? "Everybody may see it; it is hidden from the catalogue."
                      : "Everybody may see it, and the catalogue lists it.")
                  + bytes);
    };
  }

  private static Audience shared(Sharing sharing, int leftOut, String bytes) {
    List<String> namespaces = List.copyOf(sharing.offeredTo());
    if (namespaces.isEmpty()) {
      return new Audience(
          Visibility.SHARED,
          Reach.INSIDE,
          "It has no members yet: only its own namespace sees it.");
    }
    String more = namespaces.size() > NAMED ? " and " + (namespaces.size() - NAMED) + " more" : "";
    return new Audience(
        Visibility.SHARED,
        Reach.OUTSIDE,
        (namespaces.size() == 1 ? "Namespace " : "Namespaces ")
            + namespaces.stream().limit(NAMED).collect(Collectors.joining(", "))
            + more
            + " may see it."
            + (leftOut == 0 ? "" : tooMany(leftOut))
            + bytes);
  }

  private static String tooMany(int leftOut) {
    return " But "
        + leftOut
        + " of the users and groups bound there may not: a RoleBinding names "
        + Grant.MAX_SUBJECTS
        + " at most. Bind groups in place of users.";
  }
}
