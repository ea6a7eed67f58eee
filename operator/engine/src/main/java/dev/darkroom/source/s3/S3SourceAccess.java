package dev.darkroom.source.s3;

import dev.darkroom.s3.S3Access;
import dev.darkroom.s3.S3AccessBuilder;
import java.util.Optional;

/**
 * Completes the access of a tenant with fixed values, never with values of this process's
 * environment.
 */
final class S3SourceAccess {

  private static final String DEFAULT_REGION = "us-east-1";

  private S3SourceAccess() {}

  /** Sets a region, which the SDK would otherwise read from this process's environment. */
  static S3Access of(S3Access access) {
    return S3AccessBuilder.builder(access)
        .region(access.region().or(() -> Optional.of(DEFAULT_REGION)))
        .build();
  }
}
