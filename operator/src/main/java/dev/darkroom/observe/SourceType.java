package dev.darkroom.observe;

import dev.darkroom.source.Source;
import dev.darkroom.source.registry.RegistrySource;
import dev.darkroom.source.s3.S3Source;
import dev.darkroom.transfer.model.CopySource;
import java.util.Locale;

/** The type of a source as a metric label: a closed list of values. */
enum SourceType {
  WEB,
  S3,
  REGISTRY,
  /** Another copy of the same bytes. */
  COPY;

  /** The type of a source. */
  static SourceType of(Source source) {
    if (source instanceof S3Source) {
      return S3;
    }
    if (source instanceof RegistrySource) {
      return REGISTRY;
    }
    return source instanceof CopySource ? COPY : WEB;
  }

  /** The value of the label. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
