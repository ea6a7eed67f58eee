package dev.darkroom.e2e.apiserver.model;

/**
 * A sort of object, whatever version it is spoken in.
 *
 * @param group API group, empty for the core group
 * @param name plural name, e.g. {@code images}
 */
public record GroupResource(String group, String name) {

  /** This resource and an object's name, as messages say it: {@code images.darkroom.dev "x"}. */
  public String quoted(String object) {
    return this + " \"" + object + "\"";
  }

  @Override
  public String toString() {
    return group.isEmpty() ? name : name + "." + group;
  }
}
