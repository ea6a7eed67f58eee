package dev.darkroom.e2e.dev;

/**
 * An object that the program applied.
 *
 * @param title for people, {@code image.darkroom.dev/hello}
 * @param apiVersion of the object
 * @param kind of the object
 * @param namespace where it is; empty for what belongs to the cluster
 * @param name of the object
 */
record Applied(String title, String apiVersion, String kind, String namespace, String name) {}
