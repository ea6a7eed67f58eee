package dev.darkroom.e2e.scenario;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * One row of the table of who may do what; {@code policies.yaml} says what its columns are.
 *
 * @param row the whole of it
 */
record PolicyCase(JsonNode row) {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  static List<PolicyCase> read() {
    try (InputStream stream = PolicyCase.class.getResourceAsStream("/scenario/policies.yaml")) {
      return YAML.readValue(stream, new TypeReference<List<JsonNode>>() {}).stream()
          .map(PolicyCase::new)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The policy that the row is about. */
  String policy() {
    return "darkroom-" + row.path("policy").asText();
  }

  String kind() {
    return row.path("kind").asText();
  }

  /** What is there before, but for kind and name. */
  Optional<JsonNode> given() {
    return Optional.ofNullable(row.get("given"));
  }

  /** How it is tried: create, patch, apply, replace, status, delete or delete-collection. */
  String verb() {
    return row.path("do").asText();
  }

  /** What is written. */
  JsonNode body() {
    return row.path("with");
  }

  /** Who may do it. */
  List<Person> allowed() {
    return people("allowed");
  }

  /** Whom the policy refuses it to, saying {@link #says}. */
  List<Person> refused() {
    return people("refused");
  }

  /** Who does not get as far as the policy. */
  List<Person> unauthorized() {
    return people("unauthorized");
  }

  /** Names and key phrases in the message of a denied request. */
  List<String> says() {
    return texts("says").toList();
  }

  private List<Person> people(String column) {
    return texts(column)
        .map(name -> Person.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_')))
        .toList();
  }

  private Stream<String> texts(String column) {
    return StreamSupport.stream(row.path(column).spliterator(), false).map(JsonNode::asText);
  }

  @Override
  public String toString() {
    return row.path("policy").asText() + ": " + row.path("case").asText();
  }
}
