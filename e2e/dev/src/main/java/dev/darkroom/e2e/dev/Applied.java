package dev.darkroom.e2e.dev;

/**
 * An applied object.
 *
 * @param title the display name, {@code image.darkroom.dev/hello}
 * @param apiVersion the apiVersion
 * @param kind the kind
 * @param namespace the namespace; empty for cluster-scoped objects
 * @param name the name
 */
record Applied(String title, String apiVersion, String kind, String namespace, String name) {}
