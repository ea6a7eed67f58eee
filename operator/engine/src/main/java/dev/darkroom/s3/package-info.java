/**
 * Access to servers of the S3 protocol and the meaning of their errors, for stores and sources.
 * Knows nothing of stores, sources or images.
 */
package dev.darkroom.s3;
