package dev.darkroom.api;

/** Names that belong to the API as a whole. */
public final class ApiGroup {

  /** The API group. */
  public static final String NAME = "darkroom.dev";

  /** The version that is served and stored. */
  public static final String VERSION = "v1alpha1";

  /** On an Image: a new value of this annotation starts a failed import again. */
  public static final String RETRY_ANNOTATION = NAME + "/retry";

  /** On an Image: a new value of this annotation has every copy checked. */
  public static final String SCRUB_ANNOTATION = NAME + "/scrub";

  /** On what the operator makes: the name of the Image it was made for. */
  public static final String IMAGE_LABEL = NAME + "/image";

  /** Keeps an object until the operator has let go of what belongs to it. */
  public static final String FINALIZER = NAME + "/cleanup";

  private ApiGroup() {}
}
