package dev.darkroom.e2e.scenario.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A Kubernetes API server for scenarios, embedded or real. Serves Darkroom's CRDs, collects garbage
 * and deletes namespaces.
 */
public interface ClusterUnderTest extends AutoCloseable {

  /** The name of the server for the report. */
  String description();

  /** The kubeconfig for kubectl and other processes. */
  Path kubeconfig();

  /** A client with all permissions; open as long as the cluster. */
  KubernetesClient client();

  /**
   * Stops the API server and keeps its objects; empty if unsupported. Connections to its address
   * are counted and closed until {@link Outage#close}.
   */
  default Optional<Outage> outage() throws IOException {
    return Optional.empty();
  }

  /**
   * The audit log with the requests of service accounts of namespace {@code darkroom-system}; empty
   * if unsupported.
   */
  default Optional<Path> auditLog() {
    return Optional.empty();
  }

  /**
   * Writes an object to the API server's storage without validation, with its uid, finalizers and
   * status.
   *
   * @param object without a resourceVersion
   * @return false if unsupported
   */
  default boolean plant(ObjectNode object) throws IOException {
    return false;
  }

  /** An outage of the API server, until it is closed. */
  interface Outage extends AutoCloseable {

    /** The number of connection attempts since the start of the outage. */
    int connectionAttempts();

    /** Starts the API server again and waits until it is ready. */
    @Override
    void close() throws IOException;
  }

  @Override
  void close();
}
