package dev.darkroom.e2e.scenario.cluster;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.opentest4j.TestAbortedException;

/** Counts the results of scenarios per server, with the reasons of skipped tests. */
final class RunReport {

  private record Result(String test, Optional<Throwable> thrown) {

    boolean skipped() {
      return thrown.filter(TestAbortedException.class::isInstance).isPresent();
    }
  }

  private final Map<ServerKind, List<Result>> results = new EnumMap<>(ServerKind.class);

  synchronized void count(ServerKind kind, String test, Optional<Throwable> thrown) {
    results.computeIfAbsent(kind, k -> new ArrayList<>()).add(new Result(test, thrown));
  }

  /** One paragraph per server. */
  synchronized String report(Map<ServerKind, String> names) {
    StringBuilder report = new StringBuilder("Scenarios\n");
    results.forEach((kind, all) -> report.append(paragraph(names.get(kind), all)));
    return report.toString();
  }

  private static String paragraph(String name, List<Result> all) {
    long passed = all.stream().filter(result -> result.thrown().isEmpty()).count();
    List<Result> skipped = all.stream().filter(Result::skipped).toList();
    StringBuilder text = new StringBuilder("  on " + name + ": " + passed + " passed");
    long failed = all.size() - passed - skipped.size();
    text.append(failed == 0 ? "" : ", " + failed + " failed");
    text.append(skipped.isEmpty() ? "" : ", " + skipped.size() + " skipped").append("\n");
    skipped.stream()
        .collect(
            Collectors.groupingBy(
                result -> result.thrown().map(Throwable::getMessage).orElse(""),
                LinkedHashMap::new,
                Collectors.mapping(Result::test, Collectors.toList())))
        .forEach(
            (why, tests) ->
                text.append("    skipped, ")
                    .append(why)
                    .append(":\n      ")
                    .append(tests.size() > 10 ? tests.size() + " tests" : String.join(", ", tests))
                    .append("\n"));
    return text.toString();
  }
}
