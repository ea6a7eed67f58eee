package dev.darkroom.e2e.scenario;

import dev.darkroom.api.Acceptance;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The people of the access table. Each may do everything with the images at home. */
enum TableWho {
  OWNER(null),
  PENDING(Acceptance.PENDING),
  ACCEPTED(Acceptance.ACCEPTED),
  REJECTED(Acceptance.REJECTED),
  STRANGER(null),
  /** May do everything everywhere; here in the owner's namespace. */
  ADMINISTRATOR(null);

  private final Acceptance answer;

  TableWho(Acceptance answer) {
    this.answer = answer;
  }

  static TableWho named(String name) {
    return Arrays.stream(values()).filter(w -> w.toString().equals(name)).findFirst().orElseThrow();
  }

  /** What their namespace says to every offer, if it gets any. */
  Optional<Acceptance> answer() {
    return Optional.ofNullable(answer);
  }

  boolean isAtOwners() {
    return this == OWNER || this == ADMINISTRATOR;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
