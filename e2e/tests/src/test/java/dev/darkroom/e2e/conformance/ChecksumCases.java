package dev.darkroom.e2e.conformance;

import static dev.darkroom.e2e.conformance.World.DISK;

import dev.darkroom.e2e.conformance.Case.Group;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Checksum.Algorithm;
import dev.darkroom.transfer.model.Reason;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Bytes that do not have the checksum that was asked for, by every algorithm there is. */
final class ChecksumCases {

  private ChecksumCases() {}

  static List<Case> all() {
    List<Case> all = new ArrayList<>();
    for (Algorithm algorithm : Algorithm.values()) {
      all.add(
          new Case(
              Group.CHECKSUM,
              algorithm.apiName() + " mismatch",
              "One bit in the last byte is another than the "
                  + algorithm.apiName()
                  + " was made of; three stores.",
              world -> {
                byte[] other = DISK.clone();
                other[other.length - 1] ^= 1;
                world.server().on("/disk", e -> e.head(200).body(other));
                world.store("one");
                world.store("two");
                world.store("three");
                return world.bring(
                    world.importOf("/disk").checksum(Optional.of(of(algorithm, DISK))));
              },
              Check.failed(Reason.CHECKSUM_MISMATCH)));
    }
    all.add(
        new Case(
            Group.CHECKSUM,
            "all is well",
            "Nothing is wrong; three stores. (A table in which all fails proves nothing.)",
            world -> {
              world.server().on("/disk", e -> e.head(200).body(DISK));
              world.store("one");
              world.store("two");
              world.store("three");
              return world.bring(world.importOf("/disk").checksum(Optional.of(World.checksum())));
            },
            Check.stored()));
    return all;
  }

  private static Checksum of(Algorithm algorithm, byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance(algorithm.jcaName()).digest(bytes);
      return new Checksum(algorithm, HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
