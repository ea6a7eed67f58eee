package dev.darkroom.cli;

import dev.darkroom.controller.support.FieldManager;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.util.Optional;

/** The API server that a command works against, asked once before the work begins. */
final class ApiServerCheck {

  /** The client's own patience is made for a running operator: it would try for minutes. */
  private static final int FIRST_RETRIES = 4;

  private static final int FIRST_TIMEOUT_MILLIS = 5_000;
  private static final int REQUEST_TIMEOUT_MILLIS = 30_000;

  /** Read once by the JDK, when its first client is used. */
  private static final String JDK_ATTEMPTS = "jdk.httpclient.redirects.retrylimit";

  private ApiServerCheck() {}

  /**
   * Connects. The caller closes the client.
   *
   * @param kubeconfig where it is said to be; absent for the environment, the user's file, or the
   *     pod's service account
   * @param asked the kind that the first question is about
   * @throws CommandException when it can't be found, does not answer, refuses, or does not know our
   *     kinds
   */
  static KubernetesClient connect(Optional<Path> kubeconfig, Class<? extends HasMetadata> asked)
      throws CommandException {
    Config config = config(kubeconfig);
    Config hasty =
        new ConfigBuilder(config)
            .withRequestRetryBackoffLimit(FIRST_RETRIES)
            .withConnectionTimeout(FIRST_TIMEOUT_MILLIS)
            .withRequestTimeout(FIRST_TIMEOUT_MILLIS)
            .build();
    try (KubernetesClient first = client(hasty)) {
      first.resources(asked).list(new ListOptionsBuilder().withLimit(1L).build());
    } catch (KubernetesClientException e) {
      throw new CommandException(sentence(config.getMasterUrl(), asked, e), e);
    }
    return client(config);
  }

  private static Config config(Optional<Path> kubeconfig) throws CommandException {
    try {
      Config config =
          kubeconfig
              .map(file -> Config.fromKubeconfig(file.toFile()))
              .orElseGet(() -> Config.autoConfigure(null));
      return new ConfigBuilder(config)
          .withRequestTimeout(REQUEST_TIMEOUT_MILLIS)
          .withUserAgent(FieldManager.NAME)
          .build();
    } catch (KubernetesClientException | IllegalArgumentException | UncheckedIOException e) {
      throw new CommandException(
          kubeconfig.map(Path::toString).orElse("The environment's kubeconfig")
              + " can't be read as a kubeconfig.",
          e);
    }
  }

  /**
   * The JDK's client opens five connections, one after the other and at once, for a request whose
   * connection breaks (module java.net.http, "Networking properties"). One more than the first is
   * enough: what was kept open may have been closed meanwhile. All else is tried again by those who
   * wait in between.
   */
  private static KubernetesClient client(Config config) {
    if (System.getProperty(JDK_ATTEMPTS) == null) {
      System.setProperty(JDK_ATTEMPTS, "2");
    }
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  private static String sentence(
      String url, Class<? extends HasMetadata> asked, KubernetesClientException e) {
    if (e.getCode() < HttpURLConnection.HTTP_OK) {
      return "No answer from the API server " + url + ": " + why(e);
    }
    return switch (e.getCode()) {
      case HttpURLConnection.HTTP_UNAUTHORIZED ->
          "The API server " + url + " does not accept these credentials.";
      case HttpURLConnection.HTTP_FORBIDDEN ->
          "The API server " + url + " does not allow it: " + e.getMessage();
      case HttpURLConnection.HTTP_NOT_FOUND ->
          "The API server "
              + url
              + " does not know "
              + asked.getSimpleName()
              + "s; apply the CRDs first: kubectl apply -f crds/";
      default -> "The API server " + url + " failed: " + e.getMessage();
    };
  }

  /** The HTTP client leaves its exceptions without a message where it matters most. */
  private static String why(Throwable thrown) {
    Throwable cause = thrown;
    boolean refused = false;
    while (cause.getCause() != null) {
      cause = cause.getCause();
      refused |= cause instanceof ConnectException;
    }
    if (cause instanceof UnresolvedAddressException) {
      return "there is no such host.";
    }
    return refused ? "the connection was refused." : CommandErrors.sentence(thrown);
  }
}
