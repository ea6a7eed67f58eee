/** Objects of S3 servers as sources. Other packages use {@link dev.darkroom.source.s3.S3Source}. */
package dev.darkroom.source.s3;
