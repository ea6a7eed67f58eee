package dev.darkroom.controller.support;

/** The field managers under which the operator writes to the API server. */
public final class FieldManager {

  /**
   * Writes objects and statuses. The user agent of a client must begin with this name: the API
   * server takes the field manager of an update from the user agent.
   */
  public static final String NAME = "darkroom";

  /**
   * Writes finalizers. Differs from {@link #NAME}, because an apply removes the fields that the
   * same field manager applied before.
   */
  public static final String FINALIZERS = NAME + "-finalizers";

  private FieldManager() {}
}
