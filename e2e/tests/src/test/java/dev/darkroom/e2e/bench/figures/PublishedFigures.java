package dev.darkroom.e2e.bench.figures;

import java.util.List;

/** Figures of other software, not measured in this run. */
public final class PublishedFigures {

  private static final String GLANCE =
      "Glance 25, md5 and sha512, two cores (measured once, not in this run): web to ";

  private PublishedFigures() {}

  /** The figures of OpenStack Glance on a machine like that of the README. */
  public static List<Row> all() {
    return List.of(
        Row.of(GLANCE + "1 store", 89, "MiB/s"), Row.of(GLANCE + "3 stores", 45, "MiB/s"));
  }
}
