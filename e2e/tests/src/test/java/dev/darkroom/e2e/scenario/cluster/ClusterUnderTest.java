package dev.darkroom.e2e.scenario.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A Kubernetes API server that scenarios run on, whoever made it. Darkroom's CRDs are served. Owned
 * objects are collected and namespaces are deleted, as in any cluster.
 */
public interface ClusterUnderTest extends AutoCloseable {

  /** What it is, for the report. */
  String description();

  /** Where kubectl and other processes find it. */
  Path kubeconfig();

  /** A client that may do everything; it lives as long as the cluster. */
  KubernetesClient client();

  /**
   * Takes the API server away, without taking what it keeps; empty where that can't be done.
   * Connections to its address are counted and closed until it is back.
   */
  default Optional<Outage> outage() throws IOException {
    return Optional.empty();
  }

  /**
   * What service accounts of namespace {@code darkroom-system} have asked of it, as it logs that
   * itself; empty where it does not.
   */
  default Optional<Path> auditLog() {
    return Optional.empty();
  }

  /**
   * Puts an object where the API server keeps its objects, as if it had been there for long: with
   * its uid, its finalizers and its status, and whatever a schema would say of it.
   *
   * @param object without a resourceVersion
   * @return false where nobody can do that
   */
  default boolean plant(ObjectNode object) throws IOException {
    return false;
  }

  /** The API server is away until this is closed. */
  interface Outage extends AutoCloseable {

    /** How often somebody has tried to connect since it began. */
    int knocks();

    /** Brings it back, and waits until it answers. */
    @Override
    void close() throws IOException;
  }

  @Override
  void close();
}
