package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Comparison of a label, as in every label selector of Kubernetes. */
public enum SelectorOperator {
  /** The label has one of the values. */
  @JsonProperty("In")
  IN,
  /** The label has none of the values, or does not exist. */
  @JsonProperty("NotIn")
  NOT_IN,
  /** The label exists. */
  @JsonProperty("Exists")
  EXISTS,
  /** The label does not exist. */
  @JsonProperty("DoesNotExist")
  DOES_NOT_EXIST,
  /** A value of a later release. Never written. */
  @JsonIgnore
  UNKNOWN;

  /** Parses a value. An unknown value of a later release selects no label. */
  @JsonCreator
  static SelectorOperator read(String text) {
    return LaterValue.read(SelectorOperator.class, text, UNKNOWN);
  }
}
