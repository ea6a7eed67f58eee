package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Kinds of object that may hold a public key. */
public enum KeyHolder {
  /** A Secret. */
  @JsonProperty("Secret")
  SECRET,
  /** A ConfigMap, because a public key is not secret. */
  @JsonProperty("ConfigMap")
  CONFIG_MAP;

  /**
   * Parses a value. An unknown value of a later release is read as a Secret; the key must verify
   * the signature in any case.
   */
  @JsonCreator
  static KeyHolder read(String text) {
    return LaterValue.read(KeyHolder.class, text, SECRET);
  }
}
