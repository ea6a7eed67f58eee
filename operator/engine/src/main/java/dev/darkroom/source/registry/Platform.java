package dev.darkroom.source.registry;

/**
 * For which machines an image is, where a registry has it for several.
 *
 * @param os such as {@code linux}
 * @param architecture such as {@code amd64}
 */
public record Platform(String os, String architecture) {

  /** What images of virtual machines' disks are usually for. */
  public static Platform defaults() {
    return new Platform("linux", "amd64");
  }

  /**
   * Reads {@code os/architecture}.
   *
   * @throws IllegalArgumentException when it is not of that form
   */
  public static Platform parse(String text) {
    if (!text.matches("[a-z0-9]{1,32}/[a-z0-9_]{1,32}")) {
      throw new IllegalArgumentException("a platform is written like linux/amd64");
    }
    String[] parts = text.split("/", 2);
    return new Platform(parts[0], parts[1]);
  }

  @Override
  public String toString() {
    return os + "/" + architecture;
  }
}
