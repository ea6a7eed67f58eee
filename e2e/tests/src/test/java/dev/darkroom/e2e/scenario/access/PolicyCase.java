package dev.darkroom.e2e.scenario.access;

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
 * One row of {@code policies.yaml}; the file documents the columns.
 *
 * @param row the row
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

  /** The policy under test. */
  String policy() {
    return "darkroom-" + row.path("policy").asText();
  }

  String kind() {
    return row.path("kind").asText();
  }

  /** The object that exists before, without kind and name. */
  Optional<JsonNode> given() {
    return Optional.ofNullable(row.get("given"));
  }

  /** The operation: create, patch, apply, replace, status, delete or delete-collection. */
  String verb() {
    return row.path("do").asText();
  }

  /** The body of the request. */
  JsonNode body() {
    return row.path("with");
  }

  /** The users with permission. */
  List<TestUser> allowed() {
    return users("allowed");
  }

  /** The users that the policy denies, with a message that contains {@link #says}. */
  List<TestUser> refused() {
    return users("refused");
  }

  /** The users that RBAC denies. */
  List<TestUser> unauthorized() {
    return users("unauthorized");
  }

  /** Names and key phrases in the message of a denied request. */
  List<String> says() {
    return texts("says").toList();
  }

  private List<TestUser> users(String column) {
    return texts(column)
        .map(name -> TestUser.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_')))
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
