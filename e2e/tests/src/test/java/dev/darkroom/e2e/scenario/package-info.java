/**
 * What the whole must do, written once and run on the embedded API server and on a real one. Each
 * test has a namespace of its own and tells its story through manifests, conditions, Events and the
 * bytes in the store's directory: what a user would see.
 */
package dev.darkroom.e2e.scenario;
