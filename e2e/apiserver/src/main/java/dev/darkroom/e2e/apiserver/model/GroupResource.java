package dev.darkroom.e2e.apiserver.model;

/**
 * A resource in any of its versions.
 *
 * @param group API group, empty for the core group
 * @param name plural name, e.g. {@code images}
 */
public record GroupResource(String group, String name) {

  /** This resource and the name of an object, as in messages: {@code images.darkroom.dev "x"}. */
  public String quoted(String object) {
    return this + " \"" + object + "\"";
  }

  @Override
  public String toString() {
    return group.isEmpty() ? name : name + "." + group;
  }
}
