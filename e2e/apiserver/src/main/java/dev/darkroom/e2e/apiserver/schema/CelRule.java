package dev.darkroom.e2e.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime.Program;
import dev.darkroom.e2e.apiserver.model.FieldError;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One compiled {@code x-kubernetes-validations} rule.
 *
 * @param program compiled expression
 * @param when writes on which the rule runs
 * @param complaint error to report when the rule does not hold
 */
record CelRule(Program program, When when, Complaint complaint) {

  /** The writes on which a rule runs. */
  public enum When {
    /** All writes that change the value. */
    ALWAYS,
    /** Only writes with an old value: the rule compares with {@code oldSelf}. */
    ON_TRANSITION,
    /** All writes; {@code oldSelf} is an optional value. */
    WITH_OR_WITHOUT_OLD
  }

  /**
   * The error of a rule that does not hold.
   *
   * @param rule text of the rule, for rules without a message
   * @param message fixed message
   * @param expression computed message; has precedence over the fixed message
   * @param fieldPath path of the reported field below the value, with its dot; may be empty
   * @param reason name of the cause; empty for an invalid value
   */
  public record Complaint(
      String rule,
      Optional<String> message,
      Optional<Program> expression,
      String fieldPath,
      String reason) {}

  /** Runs the rule; returns an error when the rule does not hold. */
  Optional<FieldError> check(
      JsonNode value, Optional<JsonNode> before, Schema schema, String path) {
    if (when == When.ON_TRANSITION && before.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Object> variables = new HashMap<>();
    variables.put("self", CelValues.of(value, schema));
    Optional<Object> old = before.map(each -> CelValues.of(each, schema));
    variables.put("oldSelf", when == When.WITH_OR_WITHOUT_OLD ? old : old.orElse(false));
    try {
      return Boolean.TRUE.equals(program.eval(variables))
          ? Optional.empty()
          : Optional.of(refusal(value, path, sentence(variables)));
    } catch (CelEvaluationException e) {
      return Optional.of(
          refusal(
              value,
              path,
              e.getMessage() + " evaluating rule: " + complaint.message().orElse(complaint.rule)));
    }
  }

  private String sentence(Map<String, Object> variables) {
    return complaint
        .expression()
        .flatMap(expression -> computed(expression, variables))
        .or(complaint::message)
        .orElse("failed rule: " + complaint.rule());
  }

  private static Optional<String> computed(Program expression, Map<String, Object> variables) {
    try {
      return Optional.of(expression.eval(variables).toString()).filter(text -> !text.isBlank());
    } catch (CelEvaluationException e) {
      return Optional.empty();
    }
  }

  private FieldError refusal(JsonNode value, String path, String sentence) {
    String field =
        path.isEmpty()
            ? complaint.fieldPath().replaceFirst("^\\.", "")
            : path + complaint.fieldPath();
    return switch (complaint.reason()) {
      case "FieldValueForbidden" -> FieldError.forbidden(field, sentence);
      case "FieldValueRequired" ->
          new FieldError(FieldError.Type.REQUIRED, field, "Required value: " + sentence);
      case "FieldValueDuplicate" -> FieldError.duplicate(field, value);
      default ->
          value.isContainerNode()
              ? new FieldError(FieldError.Type.INVALID, field, "Invalid value: " + sentence)
              : FieldError.invalid(field, value, sentence);
    };
  }
}
