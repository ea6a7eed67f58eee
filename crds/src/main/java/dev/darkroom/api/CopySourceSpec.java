package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/** Bytes that a verified copy of the same image has: nothing is to be said of it. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record CopySourceSpec() {}
