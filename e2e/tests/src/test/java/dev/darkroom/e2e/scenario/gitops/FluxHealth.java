package dev.darkroom.e2e.scenario.gitops;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime.Program;
import dev.darkroom.e2e.RepositoryFiles;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Evaluates the health expressions of the sample like Flux (RFC 0009, "Custom Health Checks using
 * CEL"): an unobserved generation is in progress; then {@code inProgress}, {@code failed} and
 * {@code current} in that order; otherwise in progress.
 */
public final class FluxHealth {

  private static final Path SAMPLE =
      RepositoryFiles.ROOT.resolve("samples/gitops/flux-kustomization.yaml");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};

  private final Map<String, Map<Kstatus, Program>> expressionsByKind = new HashMap<>();

  private FluxHealth() {}

  /** Reads the sample. */
  public static FluxHealth ofTheSample()
      throws IOException, CelValidationException, CelEvaluationException {
    Cel cel =
        CelFactory.plannerCelBuilder()
            .setOptions(CelOptions.current().enableHeterogeneousNumericComparisons(true).build())
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addVar("metadata", SimpleType.DYN)
            .addVar("spec", SimpleType.DYN)
            .addVar("status", SimpleType.DYN)
            .build();
    FluxHealth health = new FluxHealth();
    JsonNode sample = Serialization.unmarshal(Files.readString(SAMPLE), JsonNode.class);
    for (JsonNode check : sample.path("spec").path("healthCheckExprs")) {
      Map<Kstatus, Program> expressions = new LinkedHashMap<>();
      expressions.put(Kstatus.IN_PROGRESS, program(cel, check.path("inProgress")));
      expressions.put(Kstatus.FAILED, program(cel, check.path("failed")));
      expressions.put(Kstatus.CURRENT, program(cel, check.path("current")));
      health.expressionsByKind.put(check.path("kind").asText(), expressions);
    }
    return health;
  }

  private static Program program(Cel cel, JsonNode expression)
      throws CelValidationException, CelEvaluationException {
    return cel.createProgram(cel.compile(expression.asText()).getAst());
  }

  /** Evaluates an object in the API server's representation. */
  public Kstatus of(JsonNode object) throws CelEvaluationException {
    JsonNode observed = object.path("status").path("observedGeneration");
    if (observed.isNumber()
        && observed.asLong() != object.path("metadata").path("generation").asLong()) {
      return Kstatus.IN_PROGRESS;
    }
    Map<Kstatus, Program> expressions = expressionsByKind.get(object.path("kind").asText());
    Map<String, Object> fields = JSON.convertValue(object, FIELDS);
    for (Map.Entry<Kstatus, Program> expression : expressions.entrySet()) {
      if (Boolean.TRUE.equals(expression.getValue().eval(fields))) {
        return expression.getKey();
      }
    }
    return Kstatus.IN_PROGRESS;
  }
}
