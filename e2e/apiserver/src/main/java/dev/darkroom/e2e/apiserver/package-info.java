/** A small in-memory Kubernetes API server for trials and tests. */
package dev.darkroom.e2e.apiserver;
