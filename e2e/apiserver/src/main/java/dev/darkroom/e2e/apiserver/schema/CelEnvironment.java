package dev.darkroom.e2e.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelBuilder;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.darkroom.e2e.apiserver.model.FieldError;
import dev.darkroom.e2e.apiserver.model.Json;
import java.util.List;
import java.util.Optional;

/**
 * Compiles the {@code x-kubernetes-validations} of one schema. Not supported: cost limits, and
 * equality of sets and maps in different orders.
 */
final class CelEnvironment {
  private static final CelOptions OPTIONS =
      CelOptions.current().enableHeterogeneousNumericComparisons(true).build();

  private final CelTypes types;
  private final Cel cel;

  CelEnvironment(Schema root) {
    types = new CelTypes(root);
    CelBuilder builder =
        CelFactory.plannerCelBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .setTypeProvider(types)
            .addCompilerLibraries(
                CelExtensions.strings(),
                CelExtensions.lists(),
                CelExtensions.sets(OPTIONS),
                CelExtensions.math(),
                CelExtensions.optional(),
                CelExtensions.bindings(),
                CelExtensions.comprehensions())
            .addRuntimeLibraries(
                CelExtensions.strings(),
                CelExtensions.lists(),
                CelExtensions.sets(OPTIONS),
                CelExtensions.math(),
                CelExtensions.optional(),
                CelExtensions.comprehensions());
    CelFunctions.addTo(builder);
    cel = builder.build();
  }

  /**
   * Compiles a rule. When the rule does not compile, the result is empty and the reason is added to
   * the errors.
   */
  Optional<CelRule> compile(
      JsonNode written, String path, CelScope scope, List<FieldError> errors) {
    boolean optionalOldSelf = written.path("optionalOldSelf").asBoolean();
    CelType self = scope.type(types);
    CelType oldSelf = optionalOldSelf ? OptionalType.create(self) : self;
    Cel here = cel.toCelBuilder().addVar("self", self).addVar("oldSelf", oldSelf).build();
    Optional<CelAbstractSyntaxTree> rule =
        check(here, SimpleType.BOOL, written.path("rule"), path + ".rule", errors);
    Optional<CelAbstractSyntaxTree> message =
        written.has("messageExpression")
            ? check(
                here,
                SimpleType.STRING,
                written.path("messageExpression"),
                path + ".messageExpression",
                errors)
            : Optional.empty();
    if (rule.isEmpty()) {
      return Optional.empty();
    }
    boolean transition = mentionsOldSelf(rule.get());
    if (transition && scope.correlation() == CelScope.Correlation.IMPOSSIBLE) {
      errors.add(
          FieldError.invalid(
              path + ".rule",
              written.path("rule"),
              "oldSelf cannot be used on the uncorrelatable portion of the schema"));
    }
    try {
      CelRule.When when =
          !transition
              ? CelRule.When.ALWAYS
              : optionalOldSelf ? CelRule.When.WITH_OR_WITHOUT_OLD : CelRule.When.ON_TRANSITION;
      return Optional.of(
          new CelRule(
              here.createProgram(rule.get()),
              when,
              new CelRule.Complaint(
                  written.path("rule").asText().strip(),
                  Json.text(written, "message"),
                  message.isPresent()
                      ? Optional.of(here.createProgram(message.get()))
                      : Optional.empty(),
                  Json.text(written, "fieldPath").orElse(""),
                  Json.text(written, "reason").orElse(""))));
    } catch (CelEvaluationException e) {
      errors.add(FieldError.invalid(path + ".rule", written.path("rule"), e.getMessage()));
      return Optional.empty();
    }
  }

  private static Optional<CelAbstractSyntaxTree> check(
      Cel cel, CelType result, JsonNode expression, String path, List<FieldError> errors) {
    try {
      CelAbstractSyntaxTree tree = cel.compile(expression.asText()).getAst();
      if (tree.getResultType().equals(result) || tree.getResultType().equals(SimpleType.DYN)) {
        return Optional.of(tree);
      }
      errors.add(FieldError.invalid(path, expression, "must evaluate to a " + result.name()));
    } catch (CelValidationException e) {
      errors.add(FieldError.invalid(path, expression, "compilation failed: " + e.getMessage()));
    }
    return Optional.empty();
  }

  private static boolean mentionsOldSelf(CelAbstractSyntaxTree tree) {
    return tree.getReferenceMap().values().stream()
        .anyMatch(reference -> reference.name().equals("oldSelf"));
  }
}
