package dev.darkroom.source.registry;

/**
 * The platform of an image, for references to several images.
 *
 * @param os such as {@code linux}
 * @param architecture such as {@code amd64}
 */
public record Platform(String os, String architecture) {

  /** The platform of most images of virtual machine disks. */
  public static Platform defaults() {
    return new Platform("linux", "amd64");
  }

  /**
   * Parses {@code os/architecture}.
   *
   * @throws IllegalArgumentException for another form
   */
  public static Platform parse(String text) {
    if (!text.matches("[a-z0-9]{1,32}/[a-z0-9_]{1,32}")) {
      throw new IllegalArgumentException("a platform has the form linux/amd64");
    }
    String[] parts = text.split("/", 2);
    return new Platform(parts[0], parts[1]);
  }

  @Override
  public String toString() {
    return os + "/" + architecture;
  }
}
