/**
 * Base classes and fixtures of the scenarios: end-to-end tests that run on the embedded API server
 * and on a real one. Each test has its own namespace and observes only manifests, conditions,
 * Events and the files of a store. The tests themselves are in the sub-packages, by subject.
 */
package dev.darkroom.e2e.scenario;
