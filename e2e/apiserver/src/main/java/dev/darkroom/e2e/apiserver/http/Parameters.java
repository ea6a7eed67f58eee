package dev.darkroom.e2e.apiserver.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.e2e.apiserver.fields.Ownership;
import dev.darkroom.e2e.apiserver.model.ApiException;
import dev.darkroom.e2e.apiserver.resource.Resource;
import dev.darkroom.e2e.apiserver.storage.Selector;
import dev.darkroom.e2e.apiserver.verbs.WriteOptions;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The query parameters of a request.
 *
 * @param values the first value of each parameter
 * @param userAgent User-Agent of the client; gives the default field manager of writes
 */
record Parameters(Map<String, String> values, String userAgent) {

  Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
  }

  boolean isSet(String name) {
    return text(name).filter(value -> value.equals("true") || value.equals("1")).isPresent();
  }

  /** A parameter as a whole number; 0 when the parameter is absent. */
  long number(String name) {
    String value = text(name).orElse("0");
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw ApiException.badRequest("strconv.ParseInt: parsing \"" + value + "\": invalid syntax");
    }
  }

  Predicate<ObjectNode> selected(Resource resource) {
    return Selector.labels(text("labelSelector").orElse(""))
        .and(Selector.fields(text("fieldSelector").orElse(""), resource.selectable()));
  }

  WriteOptions.Persistence persistence() {
    return switch (text("dryRun").orElse("")) {
      case "" -> WriteOptions.Persistence.STORE;
      case "All" -> WriteOptions.Persistence.DRY_RUN;
      default -> throw ApiException.badRequest("dryRun: the only supported value is All");
    };
  }

  /** The options of a write other than an apply. */
  WriteOptions writing() {
    int version = userAgent.indexOf('/');
    String client = version < 0 ? userAgent : userAgent.substring(0, version);
    return options(text("fieldManager").orElse(client.isEmpty() ? "unknown" : client));
  }

  /** The options of an apply, which requires a field manager. */
  WriteOptions applying() {
    return options(text("fieldManager").orElse(""));
  }

  private WriteOptions options(String manager) {
    WriteOptions.UnknownFields unknown =
        switch (text("fieldValidation").orElse("Warn")) {
          case "Strict" -> WriteOptions.UnknownFields.STRICT;
          case "Warn" -> WriteOptions.UnknownFields.WARN;
          case "Ignore" -> WriteOptions.UnknownFields.IGNORE;
          default ->
              throw ApiException.badRequest(
                  "fieldValidation: supported values: \"Ignore\", \"Strict\", \"Warn\"");
        };
    Ownership.Conflicts conflicts =
        isSet("force") ? Ownership.Conflicts.FORCE : Ownership.Conflicts.REFUSE;
    return new WriteOptions(persistence(), manager, unknown, conflicts);
  }
}
