package dev.darkroom.e2e.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * Ways to do one job beside its floors. All are measured in each round, one after the other, so
 * that a machine that is slow for a while is slow for all of them.
 *
 * @param job what it is
 * @param subjects ways to do it
 * @param floors the steps of it, each done by a plain tool that does nothing else. No subject can
 *     be faster than the slowest of them; all of them together are the CPU time it takes
 */
record Comparison(String job, List<Measurement> subjects, List<Measurement> floors) {

  Comparison {
    subjects = List.copyOf(subjects);
    floors = List.copyOf(floors);
  }

  /**
   * Measures everything and tells how it goes on standard error.
   *
   * @param warmUp what each subject brings once before anything counts
   */
  List<Row> run(DataFile warmUp, DataFile data, int rounds)
      throws IOException, InterruptedException {
    Map<Measurement, List<Sample>> samples = new LinkedHashMap<>();
    Stream.of(floors, subjects)
        .flatMap(List::stream)
        .filter(this::isPresent)
        .forEach(measurement -> samples.put(measurement, new ArrayList<>()));
    for (Measurement subject : subjects) {
      tell("warm-up", subject, subject.measure(warmUp));
    }
    for (int round = 1; round <= rounds; round++) {
      for (Map.Entry<Measurement, List<Sample>> entry : samples.entrySet()) {
        Sample sample = entry.getKey().measure(data);
        entry.getValue().add(sample);
        tell("round " + round, entry.getKey(), sample);
      }
    }
    samples.keySet().forEach(Measurement::close);
    Map<Measurement, Medians> medians = new LinkedHashMap<>();
    samples.forEach((measurement, all) -> medians.put(measurement, Medians.of(all)));
    return rows(medians);
  }

  private boolean isPresent(Measurement measurement) {
    Optional<String> missing = measurement.missing();
    missing.ifPresent(why -> System.err.printf("Left out: %s: %s%n", measurement.name(), why));
    return missing.isEmpty();
  }

  private void tell(String when, Measurement measurement, Sample sample) {
    System.err.printf(
        Locale.ROOT,
        "%s, %s: %s: %.0f MiB/s%n",
        job,
        when,
        measurement.name(),
        sample.mibPerSecond());
  }

  private List<Row> rows(Map<Measurement, Medians> medians) {
    List<Medians> known = floors.stream().filter(medians::containsKey).map(medians::get).toList();
    OptionalDouble slowest = known.stream().mapToDouble(Medians::mibPerSecond).min();
    OptionalDouble cpu = cpuOfAll(known);
    List<Row> rows = new ArrayList<>();
    for (Measurement subject : subjects) {
      rows.addAll(medians.get(subject).rows(prefix(subject), slowest, cpu));
    }
    for (Measurement floor : floors) {
      if (medians.containsKey(floor)) {
        rows.addAll(
            medians.get(floor).rows(prefix(floor), OptionalDouble.empty(), OptionalDouble.empty()));
      }
    }
    return rows;
  }

  private String prefix(Measurement measurement) {
    return job + ": " + measurement.name() + ": ";
  }

  /** Only with all of them it is a floor. */
  private OptionalDouble cpuOfAll(List<Medians> known) {
    boolean all =
        known.size() == floors.size()
            && known.stream().allMatch(floor -> floor.cpuSecondsPerGib().isPresent());
    return all
        ? OptionalDouble.of(
            known.stream().mapToDouble(floor -> floor.cpuSecondsPerGib().getAsDouble()).sum())
        : OptionalDouble.empty();
  }
}
