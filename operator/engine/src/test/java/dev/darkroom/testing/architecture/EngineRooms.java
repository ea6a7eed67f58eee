package dev.darkroom.testing.architecture;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rooms of the engine, and the libraries that each may use. */
public final class EngineRooms {

  public static final Room FORMAT = Room.of("format");

  /** Access to S3 servers, for sources and stores. */
  public static final Room S3 = Room.of("s3");

  public static final Room SOURCE = Room.of("source", S3);
  public static final Room STORE = Room.of("store", S3);
  public static final Room CODEC = Room.of("codec");
  public static final Room SUMS = Room.of("sums");

  /** Converts only disks that an inspector has accepted. */
  public static final Room CONVERT = Room.of("convert", FORMAT);

  public static final Room TRANSFER =
      Room.of("transfer", SOURCE, FORMAT, STORE, CODEC, SUMS, CONVERT);

  public static final List<Room> ALL =
      List.of(FORMAT, S3, SOURCE, STORE, CODEC, SUMS, CONVERT, TRANSFER);

  /** Packages of libraries, and the rooms that use them. One HTTP client, one JSON mapper. */
  public static final Map<String, Set<Room>> LIBRARIES =
      Map.of(
          "org.apache.hc..", Set.of(SOURCE, S3),
          "software.amazon.awssdk..", Set.of(S3, SOURCE, STORE),
          // Manifests, records and journals are JSON.
          "com.fasterxml.jackson..", Set.of(SOURCE, STORE, TRANSFER),
          "org.apache.commons.compress..", Set.of(CODEC, SOURCE),
          "org.tukaani.xz..", Set.of(CODEC),
          "com.github.luben.zstd..", Set.of(CODEC),
          // Scrubs save the state of its SHA-256.
          "org.bouncycastle..", Set.of(SUMS, TRANSFER));

  private EngineRooms() {}
}
