package dev.darkroom.testing.architecture;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** The top-level packages ("rooms") of the engine, and the libraries that each may use. */
public final class EngineRooms {

  /** Threads. */
  public static final Room CONCURRENT = Room.of("concurrent");

  /** Back-off between attempts. */
  public static final Room RETRY = Room.of("retry");

  public static final Room FORMAT = Room.of("format");

  /** Access to S3 servers, for sources and stores. */
  public static final Room S3 = Room.of("s3", CONCURRENT);

  public static final Room SOURCE = Room.of("source", S3, CONCURRENT, RETRY);
  public static final Room STORE = Room.of("store", S3, CONCURRENT);
  public static final Room CODEC = Room.of("codec");
  public static final Room SUMS = Room.of("sums");

  /** Converts only disks that an inspector has accepted. */
  public static final Room CONVERT = Room.of("convert", FORMAT, CONCURRENT);

  public static final Room TRANSFER =
      Room.of("transfer", SOURCE, FORMAT, STORE, CODEC, SUMS, CONVERT, CONCURRENT, RETRY);

  public static final List<Room> ALL =
      List.of(CONCURRENT, RETRY, FORMAT, S3, SOURCE, STORE, CODEC, SUMS, CONVERT, TRANSFER);

  /** The packages of libraries, and the rooms that use them. One HTTP client, one JSON mapper. */
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
