package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;

/** The kinds of object that may hold a public key. */
public enum KeyHolder {
  /** A Secret. */
  @JsonProperty("Secret")
  SECRET,
  /** A ConfigMap: public keys are no secret. */
  @JsonProperty("ConfigMap")
  CONFIG_MAP;

  /**
   * Reads what is written. Where only a later release knows the value, whatever is found there must
   * fit the signature.
   */
  @JsonCreator
  static KeyHolder read(String text) {
    return LaterValue.read(KeyHolder.class, text, SECRET);
  }
}
