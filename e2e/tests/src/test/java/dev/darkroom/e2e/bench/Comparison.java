package dev.darkroom.e2e.bench;

import dev.darkroom.e2e.bench.figures.Floor;
import dev.darkroom.e2e.bench.figures.Goal;
import dev.darkroom.e2e.bench.figures.Medians;
import dev.darkroom.e2e.bench.figures.Row;
import dev.darkroom.e2e.bench.figures.Sample;
import dev.darkroom.e2e.bench.figures.StealTime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Compares measurements with floors. Each round runs all of them in sequence, so that a slow period
 * of the machine affects all.
 *
 * @param name the name of the benchmark
 * @param subjects the measurements to compare
 * @param floors the steps of the work, each by a plain tool. No subject can be faster than the
 *     slowest floor; the sum of the floors is the CPU floor
 * @param goals the goals for the throughput of the first subject
 * @param relation the comparison of the first subject with another measurement
 */
record Comparison(
    String name,
    List<Measurement> subjects,
    List<Measurement> floors,
    List<Goal> goals,
    Optional<Relation> relation)
    implements Benchmark {

  /**
   * Another measurement in the same rounds.
   *
   * @param other the measurement
   * @param atMost the maximum wall time of the first subject, as a multiple of this measurement's
   */
  record Relation(Measurement other, double atMost) {}

  Comparison {
    subjects = List.copyOf(subjects);
    floors = List.copyOf(floors);
    goals = List.copyOf(goals);
  }

  /** A comparison without goals and relation. */
  static Comparison of(String name, List<Measurement> subjects, List<Measurement> floors) {
    return new Comparison(name, subjects, floors, List.of(), Optional.empty());
  }

  /** Sets goals for the throughput of the first subject. */
  Comparison withGoals(Goal... at) {
    return new Comparison(name, subjects, floors, List.of(at), relation);
  }

  /** Limits the wall time of the first subject to a multiple of another measurement's. */
  Comparison withRelation(double bound, Measurement other) {
    return new Comparison(name, subjects, floors, goals, Optional.of(new Relation(other, bound)));
  }

  @Override
  public List<Row> run(DataFile warmUp, DataFile data, int rounds)
      throws IOException, InterruptedException {
    Map<Measurement, List<Sample>> samples = new LinkedHashMap<>();
    Stream.of(floors, related(), subjects)
        .flatMap(List::stream)
        .filter(this::isPresent)
        .forEach(measurement -> samples.put(measurement, new ArrayList<>()));
    for (Measurement measurement : samples.keySet()) {
      measured("warm-up", measurement, warmUp);
    }
    for (int round = 1; round <= rounds; round++) {
      for (Map.Entry<Measurement, List<Sample>> entry : samples.entrySet()) {
        entry.getValue().add(measured("round " + round, entry.getKey(), data));
      }
    }
    samples.keySet().forEach(Measurement::close);
    Map<Measurement, Medians> medians = new LinkedHashMap<>();
    samples.forEach((measurement, all) -> medians.put(measurement, Medians.of(all)));
    return rows(medians);
  }

  private List<Measurement> related() {
    return relation.map(Relation::other).stream().toList();
  }

  private boolean isPresent(Measurement measurement) {
    Optional<String> missing = measurement.missing();
    missing.ifPresent(reason -> System.err.printf("Skipped: %s: %s%n", measurement.name(), reason));
    return missing.isEmpty();
  }

  private Sample measured(String when, Measurement measurement, DataFile data)
      throws IOException, InterruptedException {
    Optional<StealTime> before = StealTime.now();
    Sample sample = measurement.measure(data);
    System.err.printf(
        Locale.ROOT,
        "%s, %s: %s: %.0f MiB/s%s%n",
        name,
        when,
        measurement.name(),
        sample.mibPerSecond(),
        StealTime.inWords(before));
    return sample;
  }

  private List<Row> rows(Map<Measurement, Medians> medians) {
    List<Measurement> known = floors.stream().filter(medians::containsKey).toList();
    Optional<Floor> slowest =
        known.stream()
            .map(floor -> new Floor(floor.name(), medians.get(floor).mibPerSecond()))
            .min(Comparator.comparingDouble(Floor::value));
    Optional<Floor> cpu = cpuOfAll(known.stream().map(medians::get).toList());
    List<Row> rows = new ArrayList<>();
    for (Measurement subject : subjects) {
      if (medians.containsKey(subject)) {
        rows.addAll(medians.get(subject).rows(prefix(subject), slowest, cpu));
      }
    }
    rows.set(0, rows.get(0).withGoals(goals));
    relation.ifPresent(to -> rows.add(relation(to, medians)));
    for (Measurement floor : known) {
      rows.addAll(medians.get(floor).rows(prefix(floor), Optional.empty(), Optional.empty()));
    }
    return rows;
  }

  private Row relation(Relation to, Map<Measurement, Medians> medians) {
    double subject = medians.get(subjects.get(0)).mibPerSecond();
    double other = medians.get(to.other()).mibPerSecond();
    return Row.of(name + ": wall time relative to " + to.other().name(), other / subject, "×")
        .withGoals(Goal.atMost(to.atMost()));
  }

  private String prefix(Measurement measurement) {
    return name + ": " + measurement.name() + ": ";
  }

  /** The sum of the CPU times; empty unless all are known. */
  private Optional<Floor> cpuOfAll(List<Medians> known) {
    boolean all =
        known.size() == floors.size()
            && known.stream().allMatch(floor -> floor.cpuSecondsPerGib().isPresent());
    return all
        ? Optional.of(
            new Floor(
                "all floors together",
                known.stream().mapToDouble(floor -> floor.cpuSecondsPerGib().getAsDouble()).sum()))
        : Optional.empty();
  }
}
