package dev.darkroom.e2e.conformance;

import static dev.darkroom.e2e.conformance.World.LARGE;

import dev.darkroom.e2e.conformance.Case.Group;
import dev.darkroom.testing.FaultyServer.Script;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Reason;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A directory and an S3 bucket, which gets its bytes in parts of 5 MiB. */
final class S3Cases {

  private static final Script HONEST = exchange -> exchange.head(200, length()).body(LARGE);

  private S3Cases() {}

  static List<Case> all() {
    return List.of(
        of(
            "S3: all is well",
            "12 MB go to a directory and to a bucket.",
            HONEST,
            bucket -> {},
            Check.stored()),
        of(
            "S3: checksum mismatch",
            "The last of 12 MB has a bit that it should not have, when all parts are in the bucket.",
            exchange -> {
              byte[] other = LARGE.clone();
              other[other.length - 1] ^= 1;
              exchange.head(200, length()).body(other);
            },
            bucket -> {},
            Check.failed(Reason.CHECKSUM_MISMATCH)),
        of(
            "S3: truncation",
            "The source ends after 11 of 12 MB, when two parts are in the bucket.",
            exchange -> exchange.head(200, length()).body(Bytes.first(11_000_000, LARGE)),
            bucket -> {},
            Check.failed(Reason.SOURCE_TRUNCATED)),
        of(
            "S3: a connection is reset",
            "The connection to the bucket is reset once in the middle of a part.",
            HONEST,
            bucket -> bucket.proxy().cutUploads(3_000_000, 1),
            Check.stored()),
        of(
            "S3: every connection is reset",
            "No connection to the bucket takes more than a megabyte.",
            HONEST,
            bucket -> bucket.proxy().cutUploads(1_000_000, Integer.MAX_VALUE),
            Check.failed(Reason.STORE_UNAVAILABLE)));
  }

  private interface Fault {
    void in(BucketStore bucket) throws IOException;
  }

  private static Case of(String name, String done, Script script, Fault fault, Check expectation) {
    return new Case(Group.STORE, name, done, world -> bring(world, script, fault), expectation);
  }

  private static Outcome bring(World world, Script script, Fault fault) throws Exception {
    world.storing(LARGE);
    world.server().on("/disk", script);
    world.store("directory");
    BucketStore bucket = world.add("bucket", BucketStore.start());
    fault.in(bucket);
    return world.bring(world.importOf("/disk").checksum(Optional.of(World.checksum(LARGE))));
  }

  private static String length() {
    return "Content-Length: " + LARGE.length;
  }
}
