package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/** Marks an import whose source is a verified copy of the same image. It has no fields. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record CopySourceSpec() {}
