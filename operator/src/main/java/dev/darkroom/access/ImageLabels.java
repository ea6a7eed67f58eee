package dev.darkroom.access;

import dev.darkroom.api.ApiGroup;
import dev.darkroom.api.Image;
import dev.darkroom.api.OperatingSystem;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The labels of an image that mirror its spec and status, to search with {@code kubectl get images
 * -l}. A character that a label can't have becomes a hyphen; a value is cut after 63 characters.
 */
public final class ImageLabels {

  private static final String OS = ApiGroup.NAME + "/os-";
  private static final int MAX_VALUE = 63;

  private ImageLabels() {}

  /** All mirrored labels of an image. */
  public static Map<String, String> of(Image image) {
    Map<String, String> labels = describing(image);
    labels.put(ApiGroup.NAME + "/visibility", Audience.name(image.getSpec().visibility()));
    if (image.getSpec().hidden()) {
      labels.put(ApiGroup.NAME + "/hidden", "true");
    }
    return labels;
  }

  /** The labels that describe the content of an image. */
  static Map<String, String> describing(Image image) {
    Map<String, String> labels = new TreeMap<>();
    OperatingSystem os = image.getSpec().os();
    if (os != null) {
      put(labels, OS + "distro", os.distro());
      put(labels, OS + "version", os.version());
      put(labels, OS + "architecture", os.architecture());
      put(labels, OS + "type", os.type());
    }
    if (image.getStatus() != null) {
      put(labels, ApiGroup.NAME + "/disk-format", image.getStatus().diskFormat());
    }
    return labels;
  }

  /** Whether a label key is a mirrored one. */
  public static boolean isMirrored(String label) {
    return label.startsWith(OS)
        || label.equals(ApiGroup.NAME + "/visibility")
        || label.equals(ApiGroup.NAME + "/hidden")
        || label.equals(ApiGroup.NAME + "/disk-format");
  }

  private static void put(Map<String, String> labels, String key, String text) {
    Optional.ofNullable(text)
        .map(ImageLabels::value)
        .filter(value -> !value.isEmpty())
        .ifPresent(value -> labels.put(key, value));
  }

  /** A label value starts and ends with a letter or digit. */
  private static String value(String text) {
    String plain = text.replaceAll("[^A-Za-z0-9._-]", "-");
    String cut = plain.length() > MAX_VALUE ? plain.substring(0, MAX_VALUE) : plain;
    return cut.replaceAll("^[^A-Za-z0-9]+|[^A-Za-z0-9]+$", "");
  }
}
