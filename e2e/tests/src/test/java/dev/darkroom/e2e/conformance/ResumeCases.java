package dev.darkroom.e2e.conformance;

import static dev.darkroom.e2e.conformance.World.DISK;

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
 * Imports that fail when two thirds of the bytes have come, and are tried again with a staging
 * directory: what is there is not fetched again, as far as it still is what it was.
 */
final class ResumeCases {

  private static final FaultyServerFile FILE = new FaultyServerFile(DISK, "\"one\"");
  private static final int TWO_THIRDS = DISK.length / 3 * 2;

  /** One part for each connection. */
  private static final long MAY_BE_FETCHED_AGAIN =
      World.FETCH.connections() * World.FETCH.partBytes();

  private ResumeCases() {}

  static List<Case> all() {
    return List.of(
        new Case(
            Group.RESUME,
            "tried again",
            "The source breaks off for good after two thirds, and serves everything when the import"
                + " is tried again.",
            world -> {
              failAtTwoThirds(world);
              world.serve("/disk", FILE);
              return again(world);
            },
            Check.stored()
                .and(
                    "one part per connection fetched again, at most",
                    (world, outcome) ->
                        world.fetched() <= DISK.length - TWO_THIRDS + MAY_BE_FETCHED_AGAIN
                            ? Optional.empty()
                            : Optional.of(world.fetched() + " bytes were fetched then"))),
        new Case(
            Group.RESUME,
            "another version by then",
            "The same, but when it is tried again the source has another version, with an ETag of"
                + " its own.",
            world -> {
              failAtTwoThirds(world);
              byte[] other = Bytes.inverted(DISK);
              world.storing(other).serve("/disk", new FaultyServerFile(other, "\"two\""));
              return again(world);
            },
            Check.stored().and("all of it fetched", ResumeCases::allFetched)),
        new Case(
            Group.RESUME,
            "no ranges by then",
            "The same version, but when it is tried again the source serves no ranges any more.",
            world -> {
              failAtTwoThirds(world);
              world.server().on("/disk", exchange -> FILE.whole(exchange).body(DISK));
              return again(world);
            },
            Check.stored()),
        new Case(
            Group.RESUME,
            "what is there has rotted",
            "A byte of what the first attempt left in the store's directory is another when it is"
                + " tried again.",
            world -> {
              DirectoryStore store = failAtTwoThirds(world);
              rot(store.directory());
              world.serve("/disk", FILE);
              return again(world);
            },
            Check.stored()),
        new Case(
            Group.RESUME,
            "what is there has gone",
            "Somebody removed what the first attempt left in the store.",
            world -> {
              BlobStore store = failAtTwoThirds(world).sound();
              store.sweep();
              world.serve("/disk", FILE);
              return again(world);
            },
            Check.stored().and("all of it fetched", ResumeCases::allFetched)));
  }

  private static Optional<String> allFetched(World world, Outcome outcome) {
    return world.fetched() >= DISK.length
        ? Optional.empty()
        : Optional.of("only " + world.fetched() + " bytes were fetched");
  }

  /** Without a checksum, so that it is the parts' own sums and validators that must do. */
  private static DirectoryStore failAtTwoThirds(World world) throws IOException {
    DirectoryStore store = world.store("one");
    Script breaksOff =
        exchange -> {
          if (FILE.asked(exchange).map(Asked::end).orElse(DISK.length) > TWO_THIRDS) {
            exchange.reset();
          } else {
            FILE.play(exchange);
          }
        };
    world.server().on("/disk", breaksOff);
    Outcome first = again(world);
    if (!(first instanceof Outcome.Failed) || store.leftBehind() == 0) {
      throw new IOException("the first attempt left nothing to go on with: " + first);
    }
    return store;
  }

  /** The import, by the transfers of an operator that has just started. */
  private static Outcome again(World world) throws IOException {
    Transfers transfers =
        new Transfers(World.staging(world.directory("staging")).build(), id -> {});
    return world.bring(world.importOf("/disk"), transfers);
  }

  private static void rot(Path directory) throws IOException {
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
