/** Web and S3 servers of the benchmarks, each in a child process. */
package dev.darkroom.e2e.bench.server;
