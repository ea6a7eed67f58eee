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

  /** On a link that the operator made: the UID of the ImageMember that it was made for. */
  public static final String MEMBER_LABEL = NAME + "/member";

  /**
   * The verb on images that only the operator and cluster administrators have: the admission
   * policies let those who have it write what is the operator's own.
   */
  public static final String OPERATE_VERB = "operate";

  /** Keeps an object until the operator has let go of what belongs to it. */
  public static final String FINALIZER = NAME + "/cleanup";

  private ApiGroup() {}
}
