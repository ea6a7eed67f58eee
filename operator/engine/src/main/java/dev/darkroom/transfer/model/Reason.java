package dev.darkroom.transfer.model;

/**
 * Why work stopped, waits or will be tried again: the closed list of the API. A reason travels as
 * this type; its name is what conditions and Events show.
 */
public enum Reason {
  /** The bytes do not have the required checksum. */
  CHECKSUM_MISMATCH("ChecksumMismatch", Recovery.TERMINAL),
  /** A signature is required, and there is no valid one. */
  SIGNATURE_INVALID("SignatureInvalid", Recovery.TERMINAL),
  /** The detected format is not the declared one. */
  FORMAT_MISMATCH("FormatMismatch", Recovery.TERMINAL),
  /** The image would make a hypervisor read other files, or is malformed. */
  UNSAFE_IMAGE("UnsafeImage", Recovery.TERMINAL),
  /** No known format was detected, and no format was declared that can't be inspected. */
  UNKNOWN_FORMAT("UnknownFormat", Recovery.TERMINAL),
  /** The virtual size of the disk is above the limit. */
  VIRTUAL_SIZE_TOO_LARGE("VirtualSizeTooLarge", Recovery.TERMINAL),
  /** The compressed bytes expand to more, need more memory or take longer than is allowed. */
  DECOMPRESSION_LIMIT("DecompressionLimit", Recovery.TERMINAL),
  /** A conversion is requested, and there is no qemu-img or no staging directory. */
  CONVERTER_MISSING("ConverterMissing", Recovery.TERMINAL),
  /** More or fewer bytes than were announced, or none at all. */
  SIZE_MISMATCH("SizeMismatch", Recovery.TERMINAL),
  /** The source has no such thing (404, 410). */
  SOURCE_NOT_FOUND("SourceNotFound", Recovery.TERMINAL),
  /** The source refuses access (401, 403). */
  SOURCE_FORBIDDEN("SourceForbidden", Recovery.TERMINAL),
  /** The address policy blocks the source. */
  SOURCE_BLOCKED("SourceBlocked", Recovery.TERMINAL),
  /** A redirect that is not followed. */
  REDIRECT_REFUSED("RedirectRefused", Recovery.TERMINAL),
  /** The source as written can't be used. */
  INVALID_SOURCE("InvalidSource", Recovery.TERMINAL),
  /** The source did not answer, or answered that it can't now. */
  SOURCE_UNAVAILABLE("SourceUnavailable", Recovery.RETRY),
  /** The body ended early. */
  SOURCE_TRUNCATED("SourceTruncated", Recovery.RETRY),
  /** The bytes were replaced while they were read: they are read again from the first. */
  SOURCE_CHANGED("SourceChanged", Recovery.RETRY),
  /** The source gives fewer bytes in a time than it must. */
  SOURCE_TOO_SLOW("SourceTooSlow", Recovery.RETRY),
  /** The store failed, perhaps for a time. */
  STORE_UNAVAILABLE("StoreUnavailable", Recovery.RETRY),
  /** The store is full. */
  STORE_FULL("StoreFull", Recovery.RETRY),
  /** The store does not accept writes. */
  STORE_READ_ONLY("StoreReadOnly", Recovery.RETRY),
  /** No such ImageStore, or no default one. */
  STORE_MISSING("StoreMissing", Recovery.WAIT),
  /** The store takes no images of this namespace. */
  STORE_NOT_ALLOWED("StoreNotAllowed", Recovery.WAIT),
  /** A Secret that a manifest names does not exist, or lacks a key. */
  SECRET_MISSING("SecretMissing", Recovery.WAIT),
  /** A ConfigMap that a manifest names does not exist, or lacks a key. */
  CONFIG_MAP_MISSING("ConfigMapMissing", Recovery.WAIT),
  /** A copy is missing; it is made again from another one, if there is one. */
  COPY_MISSING("CopyMissing", Recovery.WAIT),
  /** A copy does not have its digest; it is made again from another one, if there is one. */
  COPY_CORRUPT("CopyCorrupt", Recovery.WAIT),
  /** The Image that an object names does not exist, or is not visible. */
  IMAGE_NOT_VISIBLE("ImageNotVisible", Recovery.WAIT),
  /** The Image that a member is for does not have the visibility Shared. */
  IMAGE_NOT_SHARED("ImageNotShared", Recovery.WAIT),
  /** An Image has more members than it may; this one is too many. */
  TOO_MANY_MEMBERS("TooManyMembers", Recovery.WAIT),
  /** The namespace of a member does not exist. */
  NAMESPACE_MISSING("NamespaceMissing", Recovery.WAIT),
  /** An Image has the name that a link would have. */
  NAME_TAKEN("NameTaken", Recovery.WAIT),
  /** The Image that an object names is not visible any more. */
  ACCESS_REVOKED("AccessRevoked", Recovery.WAIT),
  /** The Image's owner withholds the bytes. */
  IMAGE_DEACTIVATED("ImageDeactivated", Recovery.WAIT),
  /** The Image that an object names has no bytes yet, or none that are good. */
  IMAGE_NOT_READY("ImageNotReady", Recovery.WAIT),
  /** The Image that a link is for has other bytes now. */
  DIGEST_CHANGED("DigestChanged", Recovery.TERMINAL),
  /** Another import of the same image comes first. */
  IMPORT_IN_PROGRESS("ImportInProgress", Recovery.WAIT),
  /** The object has a value that only a later release knows. */
  NOT_UNDERSTOOD("NotUnderstood", Recovery.WAIT),
  /** A person suspended the import. */
  SUSPENDED("Suspended", Recovery.WAIT),
  /** The import exceeded its deadline. */
  DEADLINE_EXCEEDED("DeadlineExceeded", Recovery.TERMINAL),
  /** The number of failed attempts exceeded its limit. */
  BACKOFF_LIMIT_EXCEEDED("BackoffLimitExceeded", Recovery.TERMINAL);

  /** What happens next. */
  public enum Recovery {
    /** Nothing, until the object is changed. */
    TERMINAL,
    /** Another attempt after the back-off; the attempt is counted. */
    RETRY,
    /** Waits for a change of an object; no attempt is counted. */
    WAIT
  }

  private final String apiName;
  private final Recovery recovery;

  Reason(String apiName, Recovery recovery) {
    this.apiName = apiName;
    this.recovery = recovery;
  }

  /** The name that conditions and Events show. */
  public String apiName() {
    return apiName;
  }

  /** What happens next. */
  public Recovery recovery() {
    return recovery;
  }
}
