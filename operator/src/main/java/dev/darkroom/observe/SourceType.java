package dev.darkroom.observe;

import dev.darkroom.source.Source;
import dev.darkroom.source.registry.RegistrySource;
import dev.darkroom.source.s3.S3Source;
import dev.darkroom.transfer.model.CopySource;
import java.util.Locale;

/** Where bytes come from, as a label: a handful of values, whatever users write. */
enum SourceType {
  WEB,
  S3,
  REGISTRY,
  /** Another copy of the same bytes. */
  COPY;

  static SourceType of(Source source) {
    if (source instanceof S3Source) {
      return S3;
    }
    if (source instanceof RegistrySource) {
      return REGISTRY;
    }
    return source instanceof CopySource ? COPY : WEB;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
