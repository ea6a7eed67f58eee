package dev.darkroom.e2e.scenario.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;

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

  @Override
  void close();
}
