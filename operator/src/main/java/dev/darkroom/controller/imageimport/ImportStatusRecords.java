package dev.darkroom.controller.imageimport;

import dev.darkroom.api.CopyState;
import dev.darkroom.api.ImportResult;
import dev.darkroom.api.ImportSourceFacts;
import dev.darkroom.api.StoreCopy;
import dev.darkroom.transfer.model.Facts;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Progress;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Converts results of a transfer to parts of an ImageImport's status. */
final class ImportStatusRecords {

  private ImportStatusRecords() {}

  /** The facts that the source reported; empty before its first answer. */
  static Optional<ImportSourceFacts> sourceFacts(Progress progress) {
    return progress
        .head()
        .map(
            head ->
                new ImportSourceFacts(
                    head.location(),
                    boxed(head.length()),
                    head.validator().orElse(null),
                    head.acceptsRanges()));
  }

  /** The facts of the stored bytes. */
  static ImportResult result(Facts facts) {
    return new ImportResult(
        facts.sha256().toString(),
        Deliveries.byName(facts.digests()),
        facts.size(),
        boxed(facts.virtualSize()),
        facts.format().apiName(),
        Deliveries.of(facts).orElse(null));
  }

  /**
   * Each store with its copy, or with the failure of its copy.
   *
   * @param at the time of the copies
   */
  static List<StoreCopy> copies(Outcome.Stored stored, String at) {
    Stream<StoreCopy> made =
        stored.copies().entrySet().stream()
            .map(
                copy ->
                    new StoreCopy(
                        copy.getKey(), CopyState.AVAILABLE, copy.getValue().size(), at, null));
    Stream<StoreCopy> missed =
        stored.failures().entrySet().stream()
            .map(
                miss ->
                    new StoreCopy(
                        miss.getKey(), CopyState.FAILED, null, null, miss.getValue().message()));
    return Stream.concat(made, missed).sorted(Comparator.comparing(StoreCopy::name)).toList();
  }

  /** The names of the stores, in order. */
  static List<String> names(List<StoreCopy> copies) {
    return copies.stream().map(StoreCopy::name).toList();
  }

  /** Each store with a copy in the same state. */
  static List<StoreCopy> copies(List<String> stores, CopyState state) {
    return stores.stream().map(name -> new StoreCopy(name, state, null, null, null)).toList();
  }

  /** The value for a status; null when it is not known. */
  static Long boxed(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }

  /** The message of a succeeded import: stores with a copy, and stores without one. */
  static String sentence(Outcome.Stored stored) {
    return "Verified bytes are in "
        + (stored.copies().size() == 1 ? "store " : "stores ")
        + stored.copies().keySet().stream().sorted().collect(Collectors.joining(", "))
        + "."
        + stored.failures().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(missed -> " No copy in " + missed.getKey() + ": " + sentence(missed.getValue()))
            .collect(Collectors.joining());
  }

  /** The message of a failure, with a full stop. */
  static String sentence(Failure failure) {
    String message = failure.message();
    return message.endsWith(".") ? message : message + ".";
  }
}
