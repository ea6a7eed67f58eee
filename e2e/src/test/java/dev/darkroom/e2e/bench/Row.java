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

/**
 * One figure.
 *
 * @param name what it is the figure of; no two rows of a run have one name
 * @param value what was measured
 * @param unit of the value and the floor
 * @param floor what it can't be better than, measured in the same rounds; a floor has none
 */
record Row(String name, double value, String unit, OptionalDouble floor) {

  /** The value in floors: the nearer to 1 the better. */
  OptionalDouble ratio() {
    return floor.isEmpty() ? floor : OptionalDouble.of(value / floor.getAsDouble());
  }

  /** Writes a JSON array of objects; what there is not is null. */
  static void write(List<Row> rows, Path file) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ArrayNode array = mapper.createArrayNode();
    for (Row row : rows) {
      ObjectNode object = array.addObject();
      object.put("name", row.name()).put("value", row.value()).put("unit", row.unit());
      object.put("floor", boxed(row.floor()).orElse(null));
      object.put("ratio", boxed(row.ratio()).orElse(null));
    }
    Files.createDirectories(file.toAbsolutePath().getParent());
    mapper.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), array);
  }

  private static Optional<Double> boxed(OptionalDouble value) {
    return value.isEmpty() ? Optional.empty() : Optional.of(value.getAsDouble());
  }
}
