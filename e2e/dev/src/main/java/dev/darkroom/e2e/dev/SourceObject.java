package dev.darkroom.e2e.dev;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

/**
 * One object as its author wrote it, nothing added and nothing dropped.
 *
 * @param origin the file or URL it was read from
 * @param object the object
 */
record SourceObject(String origin, GenericKubernetesResource object) {

  /** For example {@code image.darkroom.dev/hello}, as kubectl names what it applied. */
  String title() {
    String apiVersion = object.getApiVersion();
    int slash = apiVersion.indexOf('/');
    String group = slash < 0 ? "" : "." + apiVersion.substring(0, slash);
    return object.getKind().toLowerCase(java.util.Locale.ROOT)
        + group
        + "/"
        + object.getMetadata().getName();
  }
}
