/**
 * A store in an S3 bucket. Other rooms use {@link dev.darkroom.store.s3.S3Store} and its {@link
 * dev.darkroom.store.s3.S3StoreConfig} only; the rest of the package is how it works.
 *
 * <pre>
 * &lt;prefix&gt;/lab/ubuntu-3f2a/disk.json                      the record: what makes the blob visible
 * &lt;prefix&gt;/lab/ubuntu-3f2a/disk-&lt;instance&gt;-&lt;random&gt;       its bytes, named by the record
 * &lt;prefix&gt;/lab/ubuntu-3f2a/claim-&lt;instance&gt;-&lt;random&gt;      for a moment, where the server has no exclusive put
 * &lt;prefix&gt;/.probe-&lt;instance&gt;-&lt;random&gt;                     for a moment, a probe
 * </pre>
 */
package dev.darkroom.store.s3;
