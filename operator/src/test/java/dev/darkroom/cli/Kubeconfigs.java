package dev.darkroom.cli;

/** Kubeconfig files for tests. */
final class Kubeconfigs {

  private Kubeconfigs() {}

  /** A kubeconfig with an API server and without a user. */
  static String of(String url) {
    return """
        apiVersion: v1
        kind: Config
        current-context: test
        clusters:
          - name: test
            cluster:
              server: %s
        users:
          - name: test
            user: {}
        contexts:
          - name: test
            context:
              cluster: test
              user: test
        """
        .formatted(url);
  }
}
