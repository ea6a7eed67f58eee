package dev.darkroom.access;

import dev.darkroom.api.Visibility;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The audience of an image, as text.
 *
 * @param visibility from the spec
 * @param reach whether another namespace may see the image
 * @param who the message for users
 */
public record Audience(Visibility visibility, Reach reach, String who) {

  /** How far an image is visible. */
  public enum Reach {
    /** In its own namespace only. */
    INSIDE,
    /** In other namespaces too. */
    OUTSIDE
  }

  private static final int NAMED = 10;

  /** The name of the visibility in the API. */
  public String reason() {
    return name(visibility);
  }

  static String name(Visibility visibility) {
    String name = visibility.name();
    return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
  }

  /**
   * The audience of an image.
   *
   * @param leftOut the number of subjects that did not fit into its RoleBinding
   */
  public static Audience of(Sharing sharing, int leftOut) {
    Visibility visibility = sharing.image().getSpec().visibility();
    String bytes = sharing.image().getSpec().deactivated() ? " Its bytes are withheld." : "";
    return switch (visibility) {
      case PRIVATE ->
          new Audience(visibility, Reach.INSIDE, "Only the namespace of the Image may see it.");
      case SHARED -> shared(sharing, leftOut, bytes);
      case COMMUNITY ->
          new Audience(
              visibility,
              Reach.OUTSIDE,
              "Every authenticated user may see it by its name." + bytes);
      case PUBLIC ->
          new Audience(
              visibility,
              Reach.OUTSIDE,
              (sharing.image().getSpec().hidden()
                      ? "Every authenticated user may see it; the catalogue does not list it."
                      : "Every authenticated user may see it; the catalogue lists it.")
                  + bytes);
    };
  }

  private static Audience shared(Sharing sharing, int leftOut, String bytes) {
    List<String> namespaces = List.copyOf(sharing.offeredTo());
    if (namespaces.isEmpty()) {
      return new Audience(
          Visibility.SHARED,
          Reach.INSIDE,
          "It has no members yet: only the namespace of the Image may see it.");
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
    return " "
        + leftOut
        + " users and groups bound there are left out: a RoleBinding has at most "
        + Grant.MAX_SUBJECTS
        + " subjects. Bind groups in place of users.";
  }
}
