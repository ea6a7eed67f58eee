package dev.darkroom.api;

/** Names of the API group: group, version, annotations, labels, verbs, finalizer. */
public final class ApiGroup {

  /** The API group. */
  public static final String NAME = "darkroom.dev";

  /** The served and stored version. */
  public static final String VERSION = "v1alpha1";

  /** Annotation of an Image: a new value starts a failed import again. */
  public static final String RETRY_ANNOTATION = NAME + "/retry";

  /** Annotation of an Image: a new value starts a check of every copy. */
  public static final String SCRUB_ANNOTATION = NAME + "/scrub";

  /** Label of objects that the operator creates: name of the Image. */
  public static final String IMAGE_LABEL = NAME + "/image";

  /** Label of links that the operator creates: UID of the ImageMember. */
  public static final String MEMBER_LABEL = NAME + "/member";

  /**
   * Verb on images, held by the operator and by cluster administrators. The admission policies
   * require it for writing statuses, reserved labels and the catalogue.
   */
  public static final String OPERATE_VERB = "operate";

  /** Finalizer: delays the deletion of an object until the operator has cleaned up. */
  public static final String FINALIZER = NAME + "/cleanup";

  private ApiGroup() {}
}
