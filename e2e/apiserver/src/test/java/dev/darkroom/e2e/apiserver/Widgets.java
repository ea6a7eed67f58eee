package dev.darkroom.e2e.apiserver;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The resource that the tests use, and short ways to write one. */
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

  /** A widget with more in its spec, given as the inside of a JSON object. */
  static String widget(String name, String spec) {
    return withMetadata("\"name\":\"" + name + "\"", spec);
  }

  /** A widget with that inside of its metadata, and more in its spec. */
  static String withMetadata(String metadata, String spec) {
    return withSpec(
        metadata, "\"source\":{\"web\":{\"url\":\"x\"}}" + (spec.isEmpty() ? "" : "," + spec));
  }

  /** A widget with just that inside of its spec, right or wrong. */
  static String withSpec(String metadata, String spec) {
    return "{\"apiVersion\":\"example.dev/v1\",\"kind\":\"Widget\",\"metadata\":{"
        + metadata
        + "},\"spec\":{"
        + spec
        + "}}";
  }

  /** What a manager applies: just that inside of the spec. */
  static String configuration(String name, String spec) {
    return withSpec("\"name\":\"" + name + "\"", spec);
  }
}
