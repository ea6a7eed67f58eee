package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The kinds of object that may hold a public key. */
public enum KeyHolder {
  /** A Secret. */
  @JsonProperty("Secret")
  SECRET,
  /** A ConfigMap: public keys are no secret. */
  @JsonProperty("ConfigMap")
  CONFIG_MAP
}
