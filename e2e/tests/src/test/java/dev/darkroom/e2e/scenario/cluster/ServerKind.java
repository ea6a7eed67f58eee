package dev.darkroom.e2e.scenario.cluster;

/** The API server of a scenario. */
public enum ServerKind {
  /** The API server of this project, in this process. */
  EMBEDDED,
  /** Processes: etcd, kube-apiserver and kube-controller-manager. */
  REAL
}
