package dev.darkroom.e2e.dev;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far all that was applied is.
 *
 * @param standings of the objects that have one, in the order in which they were applied
 */
record Settlement(Map<Applied, Standing> standings) {

  /** As it is now. */
  static Settlement of(List<Applied> applied, LiveObjects objects) {
    Map<Applied, Standing> standings = new LinkedHashMap<>();
    for (Applied object : applied) {
      Optional<Standing> standing = objects.standing(object);
      standing.ifPresent(s -> standings.put(object, s));
    }
    return new Settlement(standings);
  }

  /** Whether nothing more will happen by itself. */
  boolean isOver() {
    return standings.values().stream().noneMatch(Standing.Pending.class::isInstance);
  }

  /** Whether all is ready. */
  boolean isGood() {
    return standings.values().stream().allMatch(Standing.Ready.class::isInstance);
  }
}
