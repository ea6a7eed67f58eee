/** Web, S3 and API servers of the benchmarks, each in a child process. */
package dev.darkroom.e2e.bench.server;
