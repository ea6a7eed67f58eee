package dev.darkroom.controller.support;

import java.util.Map;

/** Looks up the labels of namespaces. Thread-safe. */
@FunctionalInterface
public interface NamespaceLabels {

  /** The labels of a namespace; empty when there is no such namespace. */
  Map<String, String> of(String namespace);
}
