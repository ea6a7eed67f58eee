package dev.darkroom.e2e.dev;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

/**
 * One object of a manifest, unchanged.
 *
 * @param origin the file or URL of the manifest
 * @param object the object
 */
record SourceObject(String origin, GenericKubernetesResource object) {

  /** The display name in kubectl's form, for example {@code image.darkroom.dev/hello}. */
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
