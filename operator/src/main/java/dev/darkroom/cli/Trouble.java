package dev.darkroom.cli;

import io.fabric8.kubernetes.client.KubernetesClientException;

/** What ends a command, as a sentence without a stack. */
final class Trouble {

  private Trouble() {}

  /** The deepest cause says it best. */
  static String sentence(Throwable thrown) {
    Throwable deepest = thrown;
    while (deepest.getCause() != null && !(deepest instanceof KubernetesClientException)) {
      deepest = deepest.getCause();
    }
    String message = deepest.getMessage();
    return message == null || message.isBlank() ? deepest.getClass().getSimpleName() : message;
  }
}
