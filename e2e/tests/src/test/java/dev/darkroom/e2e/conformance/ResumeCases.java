package dev.darkroom.e2e.conformance;

import static dev.darkroom.e2e.conformance.TestBed.DISK;

import dev.darkroom.e2e.conformance.Case.Group;
import dev.darkroom.store.BlobStore;
import dev.darkroom.testing.FaultyServer.Script;
import dev.darkroom.testing.FaultyServerFile;
import dev.darkroom.testing.FaultyServerFile.Asked;
import dev.darkroom.transfer.Transfers;
import dev.darkroom.transfer.model.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Imports with a staging directory that fail after two thirds of the bytes and are tried again.
 * Verified parts are not fetched again, as long as they and the source are unchanged.
 */
final class ResumeCases {

  private static final FaultyServerFile FILE = new FaultyServerFile(DISK, "\"one\"");
  private static final int TWO_THIRDS = DISK.length / 3 * 2;

  /** One part per connection. */
  private static final long MAX_REFETCHED = TestBed.FETCH.connections() * TestBed.FETCH.partBytes();

  private ResumeCases() {}

  static List<Case> all() {
    return List.of(
        new Case(
            Group.RESUME,
            "second attempt",
            "The source fails after two thirds, and serves all bytes at the second" + " attempt.",
            bed -> {
              failAtTwoThirds(bed);
              bed.serve("/disk", FILE);
              return again(bed);
            },
            Expectation.stored()
                .and(
                    "at most one part per connection fetched again",
                    (bed, outcome) ->
                        bed.fetched() <= DISK.length - TWO_THIRDS + MAX_REFETCHED
                            ? Optional.empty()
                            : Optional.of(
                                bed.fetched() + " bytes were fetched by the second attempt"))),
        new Case(
            Group.RESUME,
            "new version at the second attempt",
            "The same, but at the second attempt the source has another version with another"
                + " ETag.",
            bed -> {
              failAtTwoThirds(bed);
              byte[] other = TestBytes.inverted(DISK);
              bed.storing(other).serve("/disk", new FaultyServerFile(other, "\"two\""));
              return again(bed);
            },
            Expectation.stored().and("all bytes fetched again", ResumeCases::allFetched)),
        new Case(
            Group.RESUME,
            "no ranges at the second attempt",
            "The same version, but at the second attempt the source serves no ranges.",
            bed -> {
              failAtTwoThirds(bed);
              bed.server().on("/disk", exchange -> FILE.whole(exchange).body(DISK));
              return again(bed);
            },
            Expectation.stored()),
        new Case(
            Group.RESUME,
            "corrupt partial file",
            "One byte of the first attempt's partial file in the store has changed before the"
                + " second attempt.",
            bed -> {
              DirectoryStore store = failAtTwoThirds(bed);
              corrupt(store.directory());
              bed.serve("/disk", FILE);
              return again(bed);
            },
            Expectation.stored()),
        new Case(
            Group.RESUME,
            "deleted partial file",
            "The first attempt's partial file in the store was deleted.",
            bed -> {
              BlobStore store = failAtTwoThirds(bed).sound();
              store.sweep();
              bed.serve("/disk", FILE);
              return again(bed);
            },
            Expectation.stored().and("all bytes fetched again", ResumeCases::allFetched)));
  }

  private static Optional<String> allFetched(TestBed bed, Outcome outcome) {
    return bed.fetched() >= DISK.length
        ? Optional.empty()
        : Optional.of("only " + bed.fetched() + " bytes were fetched");
  }

  /** Without a checksum, so that only part digests and validators detect changes. */
  private static DirectoryStore failAtTwoThirds(TestBed bed) throws IOException {
    DirectoryStore store = bed.store("one");
    Script failing =
        exchange -> {
          if (FILE.asked(exchange).map(Asked::end).orElse(DISK.length) > TWO_THIRDS) {
            exchange.reset();
          } else {
            FILE.play(exchange);
          }
        };
    bed.server().on("/disk", failing);
    Outcome first = again(bed);
    if (!(first instanceof Outcome.Failed) || store.leftBehind() == 0) {
      throw new IOException("the first attempt left nothing to resume: " + first);
    }
    return store;
  }

  /** Runs the import with new transfers, like a restarted operator. */
  private static Outcome again(TestBed bed) throws IOException {
    Transfers transfers =
        new Transfers(TestBed.staging(bed.directory("staging")).build(), id -> {});
    return bed.run(bed.importOf("/disk"), transfers);
  }

  private static void corrupt(Path directory) throws IOException {
    Path largest;
    try (Stream<Path> files = Files.walk(directory)) {
      largest =
          files
              .filter(Files::isRegularFile)
              .filter(file -> file.toFile().length() > TWO_THIRDS / 2)
              .findFirst()
              .orElseThrow();
    }
    try (FileChannel file =
        FileChannel.open(largest, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      int wrong = ~DISK[500_000];
      int unused = file.write(ByteBuffer.wrap(new byte[] {(byte) wrong}), 500_000);
    }
  }
}
