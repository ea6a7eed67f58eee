/**
 * How a server that speaks the S3 protocol is reached and what its errors mean, for whoever keeps
 * bytes there or takes them from there. Knows nothing of stores, sources or images.
 */
package dev.darkroom.s3;
