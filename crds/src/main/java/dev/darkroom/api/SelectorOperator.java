package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;

/** How a label is compared, as in every label selector of Kubernetes. */
public enum SelectorOperator {
  /** It has one of the values. */
  @JsonProperty("In")
  IN,
  /** It has none of the values, or is not there. */
  @JsonProperty("NotIn")
  NOT_IN,
  /** It is there. */
  @JsonProperty("Exists")
  EXISTS,
  /** It is not there. */
  @JsonProperty("DoesNotExist")
  DOES_NOT_EXIST,
  /** What a later release may say and this one does not know. It is never written. */
  @JsonIgnore
  UNKNOWN;

  /** Reads what is written. Where only a later release knows the value, no label is ever so. */
  @JsonCreator
  static SelectorOperator read(String text) {
    return LaterValue.read(SelectorOperator.class, text, UNKNOWN);
  }
}
