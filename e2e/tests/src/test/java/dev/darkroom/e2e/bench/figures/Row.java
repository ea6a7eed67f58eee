package dev.darkroom.e2e.bench.figures;

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
 * @param name the unique name of the figure
 * @param value the measured value
 * @param unit the unit of value and floor
 * @param floor the lower bound, measured in the same rounds; a floor has none
 * @param goals the goals
 */
public record Row(String name, double value, String unit, Optional<Floor> floor, List<Goal> goals) {

  public Row {
    goals = List.copyOf(goals);
  }

  /** A figure without floor and goals. */
  public static Row of(String name, double value, String unit) {
    return new Row(name, value, unit, Optional.empty(), List.of());
  }

  /** The same figure with this floor. */
  Row withFloor(Optional<Floor> newFloor) {
    return new Row(name, value, unit, newFloor, goals);
  }

  /** The same figure with these goals. */
  public Row withGoals(List<Goal> what) {
    return new Row(name, value, unit, floor, what);
  }

  /** The same figure with this goal. */
  public Row withGoals(Goal what) {
    return withGoals(List.of(what));
  }

  /** The goals with their results as text; empty if there are none. */
  String goalsInWords() {
    return goals.stream()
        .map(goal -> goal + (goal.isMetBy(this) ? ": met" : ": MISSED"))
        .collect(Collectors.joining(", "));
  }

  /** The value divided by the floor; 1 is the best. */
  OptionalDouble ratio() {
    return floor
        .map(newFloor -> OptionalDouble.of(value / newFloor.value()))
        .orElse(OptionalDouble.empty());
  }

  /** Writes a JSON array of objects; missing values are null. */
  public static void write(List<Row> rows, Path file) throws IOException {
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
