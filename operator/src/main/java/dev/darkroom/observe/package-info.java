/**
 * What an administrator watches: metrics for Prometheus and traces for an OpenTelemetry collector.
 * It hears of transfers; nobody but the command line knows that it is there.
 */
package dev.darkroom.observe;
