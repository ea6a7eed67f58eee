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
 * @param program the rule
 * @param when on which writes it runs
 * @param complaint what to say when it does not hold
 */
record CelRule(Program program, When when, Complaint complaint) {

  /** On which writes a rule runs. */
  public enum When {
    /** On all that change the value. */
    ALWAYS,
    /** Only where there was a value before: the rule compares with {@code oldSelf}. */
    ON_TRANSITION,
    /** On all; {@code oldSelf} is an optional value. */
    WITH_OR_WITHOUT_OLD
  }

  /**
   * The refusal.
   *
   * @param rule text of the rule, for when nothing else is said
   * @param message fixed sentence
   * @param expression computed sentence, which goes before the fixed one
   * @param fieldPath path below the value that the refusal points to, with its dot; may be empty
   * @param reason name of the cause; empty for an invalid value
   */
  public record Complaint(
      String rule,
      Optional<String> message,
      Optional<Program> expression,
      String fieldPath,
      String reason) {}

  /** Runs the rule; a complaint when it does not hold. */
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
