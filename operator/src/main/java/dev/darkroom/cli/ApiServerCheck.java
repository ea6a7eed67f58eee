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

/** Connects to the API server of a command, and checks it with one request. */
final class ApiServerCheck {

  /** Fewer retries than a running operator makes: its client retries for minutes. */
  private static final int FIRST_RETRIES = 4;

  private static final int FIRST_TIMEOUT_MILLIS = 5_000;
  private static final int REQUEST_TIMEOUT_MILLIS = 30_000;

  /** The JDK reads it once, at the first use of its HTTP client. */
  private static final String JDK_ATTEMPTS = "jdk.httpclient.redirects.retrylimit";

  private ApiServerCheck() {}

  /**
   * Connects. The caller closes the client.
   *
   * @param kubeconfig the kubeconfig file; empty for the environment, the user's file, or the pod's
   *     service account
   * @param kind the kind that the first request lists
   * @throws CommandException when the kubeconfig can't be read, or the API server does not answer,
   *     refuses, or has no CRD of the kind
   */
  static KubernetesClient connect(Optional<Path> kubeconfig, Class<? extends HasMetadata> kind)
      throws CommandException {
    Config config = config(kubeconfig);
    Config impatient =
        new ConfigBuilder(config)
            .withRequestRetryBackoffLimit(FIRST_RETRIES)
            .withConnectionTimeout(FIRST_TIMEOUT_MILLIS)
            .withRequestTimeout(FIRST_TIMEOUT_MILLIS)
            .build();
    try (KubernetesClient first = client(impatient)) {
      first.resources(kind).list(new ListOptionsBuilder().withLimit(1L).build());
    } catch (KubernetesClientException e) {
      throw new CommandException(sentence(config.getMasterUrl(), kind, e), e);
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
   * Limits the JDK's HTTP client to one retry, of a kept-alive connection that the server closed.
   * By default it opens five connections in a row, without a wait, when the connection of a request
   * breaks (module java.net.http, "Networking properties"). Other retries have a back-off.
   */
  private static KubernetesClient client(Config config) {
    if (System.getProperty(JDK_ATTEMPTS) == null) {
      System.setProperty(JDK_ATTEMPTS, "2");
    }
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  private static String sentence(
      String url, Class<? extends HasMetadata> kind, KubernetesClientException e) {
    if (e.getCode() < HttpURLConnection.HTTP_OK) {
      return "No answer from the API server " + url + ": " + why(e);
    }
    return switch (e.getCode()) {
      case HttpURLConnection.HTTP_UNAUTHORIZED ->
          "The API server " + url + " does not accept these credentials.";
      case HttpURLConnection.HTTP_FORBIDDEN ->
          "The API server " + url + " does not allow the request: " + e.getMessage();
      case HttpURLConnection.HTTP_NOT_FOUND ->
          "The API server "
              + url
              + " has no CRD of "
              + kind.getSimpleName()
              + "; apply the CRDs first: kubectl apply -f crds/";
      default -> "The API server " + url + " failed: " + e.getMessage();
    };
  }

  /** Adds a message for causes without one: an unknown host, a refused connection. */
  private static String why(Throwable thrown) {
    Throwable cause = thrown;
    boolean refused = false;
    while (cause.getCause() != null) {
      cause = cause.getCause();
      refused |= cause instanceof ConnectException;
    }
    if (cause instanceof UnresolvedAddressException) {
      return "the host is unknown.";
    }
    return refused ? "the connection was refused." : CommandErrors.sentence(thrown);
  }
}
