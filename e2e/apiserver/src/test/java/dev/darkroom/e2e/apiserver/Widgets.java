package dev.darkroom.e2e.apiserver;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The kind of the tests, and methods that write its objects as JSON. */
final class Widgets {
  static final String PATH = "/apis/example.dev/v1/namespaces/default/widgets";

  private Widgets() {}

  static String definition() {
    try (InputStream in = Widgets.class.getResourceAsStream("/apiserver/widget-crd.yaml")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String path(String name) {
    return PATH + "/" + name;
  }

  /** A valid widget. */
  static String widget(String name) {
    return widget(name, "");
  }

  /** A valid widget with additional spec fields, given as JSON without braces. */
  static String widget(String name, String spec) {
    return withMetadata("\"name\":\"" + name + "\"", spec);
  }

  /** A widget with the given metadata fields and additional spec fields. */
  static String withMetadata(String metadata, String spec) {
    return withSpec(
        metadata, "\"source\":{\"web\":{\"url\":\"x\"}}" + (spec.isEmpty() ? "" : "," + spec));
  }

  /** A widget with exactly the given spec fields, valid or invalid. */
  static String withSpec(String metadata, String spec) {
    return "{\"apiVersion\":\"example.dev/v1\",\"kind\":\"Widget\",\"metadata\":{"
        + metadata
        + "},\"spec\":{"
        + spec
        + "}}";
  }

  /** An apply configuration with exactly the given spec fields. */
  static String configuration(String name, String spec) {
    return withSpec("\"name\":\"" + name + "\"", spec);
  }
}
