package dev.darkroom.e2e.bench;

import java.util.List;

/** Figures of others, which are not measured here. */
final class Quoted {

  private static final String GLANCE =
      "Glance 25, md5 and sha512, two cores (measured once, not in this run): web to ";

  private Quoted() {}

  /** What OpenStack Glance took on a machine like that of the README's figures. */
  static List<Row> all() {
    return List.of(
        Row.of(GLANCE + "1 store", 89, "MiB/s"), Row.of(GLANCE + "3 stores", 45, "MiB/s"));
  }
}
