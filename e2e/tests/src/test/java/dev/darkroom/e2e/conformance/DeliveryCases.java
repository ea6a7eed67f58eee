package dev.darkroom.e2e.conformance;

import static dev.darkroom.e2e.conformance.World.DISK;
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

/** Sources whose bytes are not those that are stored: compressed ones, and disks to convert. */
final class DeliveryCases {

  private static final byte[] GZIP = Compressed.with(Codec.GZIP, DISK);
  private static final int HALF = DISK.length / 2;

  /** A disk of 4 MiB with something in it, as raw bytes; qemu-img makes it a qcow2 and back. */
  private static final byte[] HOLED = Arrays.copyOf(Bytes.random(1 << 20), 4 << 20);

  private DeliveryCases() {}

  static List<Case> all() {
    List<Case> all = new ArrayList<>();
    for (Codec codec : Codec.values()) {
      all.add(
          compressed(
              codec.apiName(),
              "The server gives the disk compressed by " + codec.apiName() + "; two stores.",
              Compressed.with(codec, DISK),
              Check.stored()
                  .and(
                      "told as " + codec.apiName(),
                      (world, outcome) ->
                          compression(outcome).equals(Optional.of(codec))
                              ? Optional.empty()
                              : Optional.of("it is not told as " + codec.apiName()))));
      all.add(
          compressed(
              "decompression bomb, " + codec.apiName(),
              "300 MB of zeros compressed by " + codec.apiName() + ", declared as a raw disk.",
              Compressed.with(codec, new byte[300_000_000]),
              Check.failed(Reason.DECOMPRESSION_LIMIT)));
    }
    all.addAll(
        List.of(
            compressed(
                "two gzip members",
                "Two gzip files one after the other, which are one stream for gzip.",
                joined(
                    Compressed.with(Codec.GZIP, Bytes.first(HALF, DISK)),
                    Compressed.with(Codec.GZIP, Bytes.from(HALF, DISK))),
                Check.stored()),
            compressed(
                "two xz streams",
                "Two xz files one after the other, with padding between them.",
                joined(
                    Compressed.with(Codec.XZ, Bytes.first(HALF, DISK)),
                    new byte[8],
                    Compressed.with(Codec.XZ, Bytes.from(HALF, DISK))),
                Check.stored()),
            compressed(
                "truncated gzip",
                "A gzip file that was cut before it was published: the server announces its half.",
                Bytes.first(GZIP.length / 2, GZIP),
                Check.failed(Reason.UNKNOWN_FORMAT)),
            compressed(
                "trailing garbage",
                "After the gzip file come 4 KiB that are none.",
                joined(GZIP, Bytes.inverted(new byte[4096])),
                Check.failed(Reason.UNKNOWN_FORMAT)),
            compressed(
                "a bit in gzip",
                "One bit of the compressed bytes is another than it was.",
                flipped(GZIP),
                Check.failed(Reason.UNKNOWN_FORMAT)),
            compressed(
                "an unsafe image in gzip",
                "A compressed qcow2 that names a file of the host as its backing file.",
                Compressed.with(
                    Codec.GZIP, Qcow2Image.v3(1 << 20).backingFile("/etc/passwd").bytes()),
                request -> request.declaredFormat(Optional.empty()),
                Check.failed(Reason.UNSAFE_IMAGE)),
            compressed(
                "the disk's checksum for gzip",
                "The checksum that was asked for is that of the disk, not of the compressed bytes.",
                GZIP,
                request -> request.checksum(Optional.of(World.checksum())),
                Check.failed(Reason.CHECKSUM_MISMATCH)),
            new Case(
                Group.COMPRESSION,
                "conversion to qcow2 and back",
                "A disk is converted to qcow2, and what was stored is converted to raw.",
                DeliveryCases::thereAndBack,
                Check.stored()),
            new Case(
                Group.COMPRESSION,
                "conversion without qemu-img",
                "A conversion is asked for where qemu-img is not installed.",
                world -> {
                  world.server().on("/disk", exchange -> exchange.head(200).body(DISK));
                  return convert(
                      world,
                      TargetFormat.QCOW2,
                      World.staging(world.directory("staging"))
                          .qemuImg(Optional.of(Path.of("/nowhere/qemu-img")))
                          .build());
                },
                Check.failed(Reason.CONVERTER_MISSING)
                    .and(
                        "nothing fetched",
                        (world, outcome) ->
                            world.server().requests().isEmpty()
                                ? Optional.empty()
                                : Optional.of("it was fetched"))),
            new Case(
                Group.COMPRESSION,
                "conversion without staging",
                "A conversion is asked for where the operator has no staging directory.",
                world -> {
                  requireQemuImg();
                  world.server().on("/disk", exchange -> exchange.head(200).body(DISK));
                  return convert(world, TargetFormat.QCOW2, World.options().build());
                },
                Check.failed(Reason.CONVERTER_MISSING).saying("staging"))));
    return all;
  }

  /** Changes what is asked for. */
  @FunctionalInterface
  private interface Asking {
    TransferRequestBuilder of(TransferRequestBuilder request);
  }

  private static Case compressed(String name, String done, byte[] bytes, Check expectation) {
    return compressed(name, done, bytes, request -> request, expectation);
  }

  private static Case compressed(
      String name, String done, byte[] bytes, Asking asking, Check expectation) {
    return new Case(
        Group.COMPRESSION,
        name,
        done,
        world -> {
          world
              .server()
              .on(
                  "/disk",
                  exchange -> exchange.head(200, "Content-Length: " + bytes.length).body(bytes));
          world.store("one");
          world.store("two");
          return world.bring(asking.of(world.importOf("/disk")));
        },
        expectation);
  }

  private static Outcome thereAndBack(World world) throws Exception {
    requireQemuImg();
    TransferOptions options = World.staging(world.directory("staging")).build();
    DirectoryStore store = world.storing(HOLED).store("one");
    world.server().on("/disk", exchange -> exchange.head(200).body(HOLED));
    Outcome there = convert(world, TargetFormat.QCOW2, options);
    if (Check.storedIn(there).isEmpty()) {
      return there;
    }
    ByteBuffer qcow2 =
        ByteBuffer.allocate((int) store.sound().stat(World.KEY).orElseThrow().size());
    try (var channel = store.sound().read(World.KEY, 0, qcow2.capacity())) {
      int count = 0;
      while (qcow2.hasRemaining() && count >= 0) {
        count = channel.read(qcow2);
      }
    }
    boolean unused = store.sound().delete(World.KEY);
    world.server().on("/disk", exchange -> exchange.head(200).body(qcow2.array()));
    return world.bring(
        world
            .importOf("/disk")
            .declaredFormat(Optional.of(DiskFormat.QCOW2))
            .delivery(to(TargetFormat.RAW)),
        new Transfers(options, id -> {}));
  }

  private static Outcome convert(World world, TargetFormat target, TransferOptions options)
      throws Exception {
    return world.bring(
        world.importOf("/disk").delivery(to(target)), new Transfers(options, id -> {}));
  }

  /** What is asked for besides the source. */
  static DeliveryTerms to(TargetFormat target) {
    return new DeliveryTerms(Optional.empty(), Decompress.AUTO, Optional.of(target));
  }

  /** Does not run the case where it is missing. */
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
