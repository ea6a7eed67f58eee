package dev.darkroom.e2e.dev;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The state of all applied objects.
 *
 * @param standings the standings of objects with a status, in the order of application
 */
record Settlement(Map<Applied, Standing> standings) {

  /** The current state. */
  static Settlement of(List<Applied> applied, LiveObjects objects) {
    Map<Applied, Standing> standings = new LinkedHashMap<>();
    for (Applied object : applied) {
      Optional<Standing> standing = objects.standing(object);
      standing.ifPresent(s -> standings.put(object, s));
    }
    return new Settlement(standings);
  }

  /** Whether all are ready or stalled. */
  boolean isOver() {
    return standings.values().stream().noneMatch(Standing.Pending.class::isInstance);
  }

  /** Whether all are ready. */
  boolean isGood() {
    return standings.values().stream().allMatch(Standing.Ready.class::isInstance);
  }
}
