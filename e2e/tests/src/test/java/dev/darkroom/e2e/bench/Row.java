package dev.darkroom.e2e.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * One figure.
 *
 * @param name what it is the figure of; no two rows of a run have one name
 * @param value what was measured
 * @param unit of the value and the floor
 * @param floor what it can't be better than, measured in the same rounds; a floor has none
 * @param goals what it should be, where that is said
 */
record Row(String name, double value, String unit, Optional<Floor> floor, List<Goal> goals) {

  Row {
    goals = List.copyOf(goals);
  }

  /** A figure on its own. */
  static Row of(String name, double value, String unit) {
    return new Row(name, value, unit, Optional.empty(), List.of());
  }

  /** The same beside its floor. */
  Row over(Optional<Floor> beneath) {
    return new Row(name, value, unit, beneath, goals);
  }

  /** The same, which should be so. */
  Row shouldBe(List<Goal> what) {
    return new Row(name, value, unit, floor, what);
  }

  /** The same, which should be so. */
  Row shouldBe(Goal what) {
    return shouldBe(List.of(what));
  }

  /** The goals, each with whether it is met, in words; empty when there are none. */
  String goalsInWords() {
    return goals.stream()
        .map(goal -> goal + (goal.isMetBy(this) ? ": met" : ": MISSED"))
        .collect(Collectors.joining(", "));
  }

  /** The value in floors: the nearer to 1 the better. */
  OptionalDouble ratio() {
    return floor
        .map(beneath -> OptionalDouble.of(value / beneath.value()))
        .orElse(OptionalDouble.empty());
  }

  /** Writes a JSON array of objects; what there is not is null. */
  static void write(List<Row> rows, Path file) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ArrayNode array = mapper.createArrayNode();
    for (Row row : rows) {
      ObjectNode object = array.addObject();
      object.put("name", row.name()).put("value", row.value()).put("unit", row.unit());
      object.put("floor", row.floor().map(Floor::value).orElse(null));
      object.put("floorOf", row.floor().map(Floor::is).orElse(null));
      OptionalDouble ratio = row.ratio();
      object.put("ratio", ratio.isEmpty() ? null : (Double) ratio.getAsDouble());
      ArrayNode goals = object.putArray("goals");
      for (Goal goal : row.goals()) {
        goals.addObject().put("goal", goal.toString()).put("met", goal.isMetBy(row));
      }
    }
    Files.createDirectories(file.toAbsolutePath().getParent());
    mapper.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), array);
  }
}
