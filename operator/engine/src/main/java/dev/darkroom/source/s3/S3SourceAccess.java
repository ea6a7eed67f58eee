package dev.darkroom.source.s3;

import dev.darkroom.s3.S3Access;
import dev.darkroom.s3.S3AccessBuilder;
import java.util.Optional;

/** What a tenant leaves out is not filled in from what only we have around us. */
final class S3SourceAccess {

  private static final String DEFAULT_REGION = "us-east-1";

  private S3SourceAccess() {}

  /** The same with a region, which else the SDK would ask of this process's own environment. */
  static S3Access of(S3Access access) {
    return S3AccessBuilder.builder(access)
        .region(access.region().or(() -> Optional.of(DEFAULT_REGION)))
        .build();
  }
}
