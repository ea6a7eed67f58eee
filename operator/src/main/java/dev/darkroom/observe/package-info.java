/**
 * Metrics for Prometheus, and traces for an OpenTelemetry collector.
 *
 * <p>Observes transfers, scrubs and reconciles. Only {@code cli} may use it.
 */
package dev.darkroom.observe;
