package dev.darkroom.e2e.bench;

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
 * Ways to do one job beside its floors. All are measured in each round, one after the other, so
 * that a machine that is slow for a while is slow for all of them.
 *
 * @param job what it is
 * @param subjects ways to do it
 * @param floors the steps of it, each done by a plain tool that does nothing else. No subject can
 *     be faster than the slowest of them; all of them together are the CPU time it takes
 * @param goals what the throughput of the first subject should be
 * @param relation how the first subject compares with something else, if it is to be
 */
record Comparison(
    String job,
    List<Measurement> subjects,
    List<Measurement> floors,
    List<Goal> goals,
    Optional<Relation> relation)
    implements Job {

  /**
   * Something smaller that is measured in the same rounds.
   *
   * @param other what it is
   * @param atMost as many times as long as that the first subject should take
   */
  record Relation(Measurement other, double atMost) {}

  Comparison {
    subjects = List.copyOf(subjects);
    floors = List.copyOf(floors);
    goals = List.copyOf(goals);
  }

  /** Without goals and relations. */
  static Comparison of(String job, List<Measurement> subjects, List<Measurement> floors) {
    return new Comparison(job, subjects, floors, List.of(), Optional.empty());
  }

  /** The throughput of the first subject should be so. */
  Comparison aiming(Goal... at) {
    return new Comparison(job, subjects, floors, List.of(at), relation);
  }

  /** The first subject should not take that many times as long as another. */
  Comparison atMostTimes(double bound, Measurement other) {
    return new Comparison(job, subjects, floors, goals, Optional.of(new Relation(other, bound)));
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
    missing.ifPresent(why -> System.err.printf("Left out: %s: %s%n", measurement.name(), why));
    return missing.isEmpty();
  }

  private Sample measured(String when, Measurement measurement, DataFile data)
      throws IOException, InterruptedException {
    Optional<HostShare> before = HostShare.now();
    Sample sample = measurement.measure(data);
    System.err.printf(
        Locale.ROOT,
        "%s, %s: %s: %.0f MiB/s%s%n",
        job,
        when,
        measurement.name(),
        sample.mibPerSecond(),
        HostShare.inWords(before));
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
    rows.set(0, rows.get(0).shouldBe(goals));
    relation.ifPresent(to -> rows.add(relation(to, medians)));
    for (Measurement floor : known) {
      rows.addAll(medians.get(floor).rows(prefix(floor), Optional.empty(), Optional.empty()));
    }
    return rows;
  }

  private Row relation(Relation to, Map<Measurement, Medians> medians) {
    double ours = medians.get(subjects.get(0)).mibPerSecond();
    double theirs = medians.get(to.other()).mibPerSecond();
    return Row.of(job + ": wall time, in those of " + to.other().name(), theirs / ours, "×")
        .shouldBe(Goal.atMost(to.atMost()));
  }

  private String prefix(Measurement measurement) {
    return job + ": " + measurement.name() + ": ";
  }

  /** Only with all of them it is a floor. */
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
