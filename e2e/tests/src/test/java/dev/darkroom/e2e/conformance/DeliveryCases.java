package dev.darkroom.e2e.conformance;

import static dev.darkroom.e2e.conformance.TestBed.DISK;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.darkroom.codec.Codec;
import dev.darkroom.codec.Compressed;
import dev.darkroom.convert.QemuImg;
import dev.darkroom.convert.TargetFormat;
import dev.darkroom.e2e.conformance.Case.Group;
import dev.darkroom.format.DiskFormat;
import dev.darkroom.format.Qcow2Image;
import dev.darkroom.transfer.Transfers;
import dev.darkroom.transfer.model.Decompress;
import dev.darkroom.transfer.model.DeliveryTerms;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.TransferOptions;
import dev.darkroom.transfer.model.TransferRequestBuilder;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Sources whose bytes differ from the stored bytes: compressed disks, and disks to convert. */
final class DeliveryCases {

  private static final byte[] GZIP = Compressed.with(Codec.GZIP, DISK);
  private static final int HALF = DISK.length / 2;

  /** A raw disk of 4 MiB with 1 MiB of data, converted to qcow2 and back by qemu-img. */
  private static final byte[] HOLED = Arrays.copyOf(TestBytes.random(1 << 20), 4 << 20);

  private DeliveryCases() {}

  static List<Case> all() {
    List<Case> all = new ArrayList<>();
    for (Codec codec : Codec.values()) {
      all.add(
          compressed(
              codec.apiName(),
              "The disk is compressed with " + codec.apiName() + ". Two stores.",
              Compressed.with(codec, DISK),
              Expectation.stored()
                  .and(
                      "reported as " + codec.apiName(),
                      (bed, outcome) ->
                          compression(outcome).equals(Optional.of(codec))
                              ? Optional.empty()
                              : Optional.of("the status does not report " + codec.apiName()))));
      all.add(
          compressed(
              "decompression bomb, " + codec.apiName(),
              "300 MB of zeros, compressed with " + codec.apiName() + ", declared as a raw disk.",
              Compressed.with(codec, new byte[300_000_000]),
              Expectation.failed(Reason.DECOMPRESSION_LIMIT)));
    }
    all.addAll(
        List.of(
            compressed(
                "two gzip members",
                "The file is two concatenated gzip members.",
                joined(
                    Compressed.with(Codec.GZIP, TestBytes.first(HALF, DISK)),
                    Compressed.with(Codec.GZIP, TestBytes.from(HALF, DISK))),
                Expectation.stored()),
            compressed(
                "two xz streams",
                "The file is two concatenated xz streams, with padding between them.",
                joined(
                    Compressed.with(Codec.XZ, TestBytes.first(HALF, DISK)),
                    new byte[8],
                    Compressed.with(Codec.XZ, TestBytes.from(HALF, DISK))),
                Expectation.stored()),
            compressed(
                "truncated gzip",
                "The published gzip file is incomplete; the length is right.",
                TestBytes.first(GZIP.length / 2, GZIP),
                Expectation.failed(Reason.UNKNOWN_FORMAT)),
            compressed(
                "trailing garbage",
                "4 KiB of other bytes follow the gzip member.",
                joined(GZIP, TestBytes.inverted(new byte[4096])),
                Expectation.failed(Reason.UNKNOWN_FORMAT)),
            compressed(
                "flipped bit in gzip",
                "One bit of the compressed bytes is flipped.",
                flipped(GZIP),
                Expectation.failed(Reason.UNKNOWN_FORMAT)),
            compressed(
                "unsafe image in gzip",
                "A compressed qcow2 has a backing file on the host.",
                Compressed.with(
                    Codec.GZIP, Qcow2Image.v3(1 << 20).backingFile("/etc/passwd").bytes()),
                request -> request.declaredFormat(Optional.empty()),
                Expectation.failed(Reason.UNSAFE_IMAGE)),
            compressed(
                "checksum of the decompressed disk",
                "The checksum of the import is that of the disk, not of the compressed file.",
                GZIP,
                request -> request.checksum(Optional.of(TestBed.checksum())),
                Expectation.failed(Reason.CHECKSUM_MISMATCH)),
            new Case(
                Group.COMPRESSION,
                "conversion to qcow2 and back",
                "A disk is converted to qcow2, and the result is converted to raw.",
                DeliveryCases::thereAndBack,
                Expectation.stored()),
            new Case(
                Group.COMPRESSION,
                "conversion without qemu-img",
                "A conversion without an installed qemu-img.",
                bed -> {
                  bed.server().on("/disk", exchange -> exchange.head(200).body(DISK));
                  return convert(
                      bed,
                      TargetFormat.QCOW2,
                      TestBed.staging(bed.directory("staging"))
                          .qemuImg(Optional.of(Path.of("/nowhere/qemu-img")))
                          .build());
                },
                Expectation.failed(Reason.CONVERTER_MISSING)
                    .and(
                        "no request for the disk",
                        (bed, outcome) ->
                            bed.server().requests().isEmpty()
                                ? Optional.empty()
                                : Optional.of("the disk was requested"))),
            new Case(
                Group.COMPRESSION,
                "conversion without staging",
                "A conversion without a staging directory.",
                bed -> {
                  requireQemuImg();
                  bed.server().on("/disk", exchange -> exchange.head(200).body(DISK));
                  return convert(bed, TargetFormat.QCOW2, TestBed.options().build());
                },
                Expectation.failed(Reason.CONVERTER_MISSING).messageContains("staging"))));
    return all;
  }

  /** Changes a request. */
  @FunctionalInterface
  private interface RequestChange {
    TransferRequestBuilder of(TransferRequestBuilder request);
  }

  private static Case compressed(String name, String done, byte[] bytes, Expectation expectation) {
    return compressed(name, done, bytes, request -> request, expectation);
  }

  private static Case compressed(
      String name, String done, byte[] bytes, RequestChange asking, Expectation expectation) {
    return new Case(
        Group.COMPRESSION,
        name,
        done,
        bed -> {
          bed.server()
              .on(
                  "/disk",
                  exchange -> exchange.head(200, "Content-Length: " + bytes.length).body(bytes));
          bed.store("one");
          bed.store("two");
          return bed.run(asking.of(bed.importOf("/disk")));
        },
        expectation);
  }

  private static Outcome thereAndBack(TestBed bed) throws Exception {
    requireQemuImg();
    TransferOptions options = TestBed.staging(bed.directory("staging")).build();
    DirectoryStore store = bed.storing(HOLED).store("one");
    bed.server().on("/disk", exchange -> exchange.head(200).body(HOLED));
    Outcome there = convert(bed, TargetFormat.QCOW2, options);
    if (Expectation.storedIn(there).isEmpty()) {
      return there;
    }
    ByteBuffer qcow2 =
        ByteBuffer.allocate((int) store.sound().stat(TestBed.KEY).orElseThrow().size());
    try (var channel = store.sound().read(TestBed.KEY, 0, qcow2.capacity())) {
      int count = 0;
      while (qcow2.hasRemaining() && count >= 0) {
        count = channel.read(qcow2);
      }
    }
    boolean unused = store.sound().delete(TestBed.KEY);
    bed.server().on("/disk", exchange -> exchange.head(200).body(qcow2.array()));
    return bed.run(
        bed.importOf("/disk")
            .declaredFormat(Optional.of(DiskFormat.QCOW2))
            .delivery(to(TargetFormat.RAW)),
        new Transfers(options, id -> {}));
  }

  private static Outcome convert(TestBed bed, TargetFormat target, TransferOptions options)
      throws Exception {
    return bed.run(bed.importOf("/disk").delivery(to(target)), new Transfers(options, id -> {}));
  }

  /** The terms for a conversion. */
  static DeliveryTerms to(TargetFormat target) {
    return new DeliveryTerms(Optional.empty(), Decompress.AUTO, Optional.of(target));
  }

  /** Skips the case if qemu-img is not installed. */
  static void requireQemuImg() throws InterruptedException {
    assumeTrue(QemuImg.find().isPresent(), "qemu-img is not installed");
  }

  private static Optional<Codec> compression(Outcome outcome) {
    return outcome instanceof Outcome.Stored stored
        ? stored.facts().delivered().flatMap(delivered -> delivered.compression())
        : Optional.empty();
  }

  private static byte[] flipped(byte[] bytes) {
    byte[] flipped = bytes.clone();
    flipped[bytes.length / 2] ^= 1;
    return flipped;
  }

  private static byte[] joined(byte[]... parts) {
    ByteBuffer all = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(part -> part.length).sum());
    Arrays.stream(parts).forEach(all::put);
    return all.array();
  }
}
