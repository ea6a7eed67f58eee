package dev.darkroom.cli;

/** Kubeconfig files for tests. */
final class Kubeconfigs {

  private Kubeconfigs() {}

  /** One that names an API server and nobody to be there. */
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
