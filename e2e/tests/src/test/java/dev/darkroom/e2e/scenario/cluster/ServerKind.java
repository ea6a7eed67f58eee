package dev.darkroom.e2e.scenario.cluster;

/** Which API server a scenario runs on. */
public enum ServerKind {
  /** The one of this project, in this process. */
  EMBEDDED,
  /** etcd, kube-apiserver and kube-controller-manager, in processes of their own. */
  REAL
}
