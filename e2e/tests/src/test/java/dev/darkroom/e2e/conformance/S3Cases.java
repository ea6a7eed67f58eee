package dev.darkroom.e2e.conformance;

import static dev.darkroom.e2e.conformance.TestBed.LARGE;

import dev.darkroom.e2e.conformance.Case.Group;
import dev.darkroom.testing.FaultyServer.Script;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Reason;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A directory and an S3 bucket with parts of 5 MiB. */
final class S3Cases {

  private static final Script HONEST = exchange -> exchange.head(200, length()).body(LARGE);

  private S3Cases() {}

  static List<Case> all() {
    return List.of(
        of(
            "S3: no fault",
            "12 MB to a directory and a bucket.",
            HONEST,
            bucket -> {},
            Expectation.stored()),
        of(
            "S3: checksum mismatch",
            "One bit of the last of 12 MB is flipped; all parts are in the bucket by then.",
            exchange -> {
              byte[] other = LARGE.clone();
              other[other.length - 1] ^= 1;
              exchange.head(200, length()).body(other);
            },
            bucket -> {},
            Expectation.failed(Reason.CHECKSUM_MISMATCH)),
        of(
            "S3: truncation",
            "The source ends after 11 of 12 MB; two parts are in the bucket by then.",
            exchange -> exchange.head(200, length()).body(TestBytes.first(11_000_000, LARGE)),
            bucket -> {},
            Expectation.failed(Reason.SOURCE_TRUNCATED)),
        of(
            "S3: one connection reset",
            "The connection to the bucket is reset once, within a part.",
            HONEST,
            bucket -> bucket.proxy().cutUploads(3_000_000, 1),
            Expectation.stored()),
        of(
            "S3: all connections reset",
            "Every connection to the bucket is reset after 1 MB.",
            HONEST,
            bucket -> bucket.proxy().cutUploads(1_000_000, Integer.MAX_VALUE),
            Expectation.failed(Reason.STORE_UNAVAILABLE)));
  }

  private interface Fault {
    void in(BucketStore bucket) throws IOException;
  }

  private static Case of(
      String name, String done, Script script, Fault fault, Expectation expectation) {
    return new Case(Group.STORE, name, done, bed -> run(bed, script, fault), expectation);
  }

  private static Outcome run(TestBed bed, Script script, Fault fault) throws Exception {
    bed.storing(LARGE);
    bed.server().on("/disk", script);
    bed.store("directory");
    BucketStore bucket = bed.add("bucket", BucketStore.start());
    fault.in(bucket);
    return bed.run(bed.importOf("/disk").checksum(Optional.of(TestBed.checksum(LARGE))));
  }

  private static String length() {
    return "Content-Length: " + LARGE.length;
  }
}
