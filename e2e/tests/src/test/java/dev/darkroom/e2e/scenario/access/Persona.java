package dev.darkroom.e2e.scenario.access;

import dev.darkroom.api.Acceptance;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The rows of the access table. A persona has all permissions for images in its own namespace. */
enum Persona {
  OWNER(null),
  PENDING(Acceptance.PENDING),
  ACCEPTED(Acceptance.ACCEPTED),
  REJECTED(Acceptance.REJECTED),
  STRANGER(null),
  /** All permissions in all namespaces; its own namespace is the owner's. */
  ADMINISTRATOR(null);

  private final Acceptance answer;

  Persona(Acceptance answer) {
    this.answer = answer;
  }

  static Persona named(String name) {
    return Arrays.stream(values()).filter(w -> w.toString().equals(name)).findFirst().orElseThrow();
  }

  /** The acceptance of every offer for the persona's namespace; empty if it gets none. */
  Optional<Acceptance> answer() {
    return Optional.ofNullable(answer);
  }

  boolean isInOwnersNamespace() {
    return this == OWNER || this == ADMINISTRATOR;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
