package dev.darkroom.e2e.conformance;

import static dev.darkroom.e2e.conformance.TestBed.DISK;

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

/** Checksum mismatches, for each algorithm. */
final class ChecksumCases {

  private ChecksumCases() {}

  static List<Case> all() {
    List<Case> all = new ArrayList<>();
    for (Algorithm algorithm : Algorithm.values()) {
      all.add(
          new Case(
              Group.CHECKSUM,
              algorithm.apiName() + " mismatch",
              "One bit of the last byte differs from the bytes of the "
                  + algorithm.apiName()
                  + ". Three stores.",
              bed -> {
                byte[] other = DISK.clone();
                other[other.length - 1] ^= 1;
                bed.server().on("/disk", e -> e.head(200).body(other));
                bed.store("one");
                bed.store("two");
                bed.store("three");
                return bed.run(bed.importOf("/disk").checksum(Optional.of(of(algorithm, DISK))));
              },
              Expectation.failed(Reason.CHECKSUM_MISMATCH)));
    }
    all.add(
        new Case(
            Group.CHECKSUM,
            "no fault",
            "No fault, three stores.",
            bed -> {
              bed.server().on("/disk", e -> e.head(200).body(DISK));
              bed.store("one");
              bed.store("two");
              bed.store("three");
              return bed.run(bed.importOf("/disk").checksum(Optional.of(TestBed.checksum())));
            },
            Expectation.stored()));
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
