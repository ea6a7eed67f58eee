package dev.darkroom.format;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Linux Unified Key Setup, version 1 and 2. The encrypted content is not inspected.
 *
 * <p>Source: LUKS On-Disk Format Specification 1.2.3, section 2.1 "The partition header"; LUKS2
 * On-Disk Format Specification 1.1.0, sections 2.1 "Binary Header" and 3 "LUKS2 JSON metadata"; all
 * numbers big-endian.
 */
final class LuksProbe implements FormatProbe {
  private static final String MAGIC = "LUKS\u00BA\u00BE";
  private static final String SECOND_MAGIC = "SKUL\u00BA\u00BE";
  private static final int V2_SEQUENCE_AT = 16;
  private static final int V2_PLACE_AT = 256;
  private static final int SECTOR = 512;
  private static final int V1_HEADER_BYTES = 592;
  private static final int V1_KEY_SLOTS_AT = 208;
  private static final int V1_KEY_SLOT_BYTES = 48;
  private static final long V1_SLOT_ENABLED = 0x00AC71F3L;
  private static final long V1_SLOT_DISABLED = 0x0000DEADL;
  private static final int V2_BINARY_HEADER_BYTES = 4096;
  private static final int V2_CHECKSUM_AT = 448;
  private static final int V2_CHECKSUM_BYTES = 64;
  private static final long V2_MIN_HEADER_BYTES = 16 << 10;
  private static final long V2_MAX_HEADER_BYTES = Window.MAX_BYTES;
  private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,18}");

  private List<String> notes = List.of();
  private OptionalLong virtualSize = OptionalLong.empty();
  private OptionalLong payloadAt = OptionalLong.empty();
  private long headersEnd;
  private Optional<String> firstJson = Optional.empty();
  private long firstSequence;

  @Override
  public DiskFormat format() {
    return DiskFormat.LUKS;
  }

  @Override
  public boolean recognises(Bytes head) {
    return head.at(0, MAGIC);
  }

  @Override
  public Optional<Window> begin(Bytes head) throws Refusal {
    requireHeader(head, 8);
    int version = head.u16be(6);
    require(version == 1 || version == 2, "has version " + version + ", only 1 and 2 are known");
    notes = List.of("encrypted (luks" + version + ")");
    return version == 1 ? beginV1(head) : beginV2(head);
  }

  @Override
  public Optional<Window> proceed(Bytes header) throws Refusal {
    String json =
        header.textUpToNul(V2_BINARY_HEADER_BYTES, header.length() - V2_BINARY_HEADER_BYTES);
    if (firstJson.isPresent()) {
      checkSecond(header, json);
      return Optional.empty();
    }
    require(checksumHolds(header), "has a header whose checksum is wrong");
    Map<String, String> fields;
    try {
      fields = JsonLeaves.of(json);
    } catch (IllegalArgumentException e) {
      throw unsafe("has metadata that is not JSON");
    }
    readSegments(fields);
    firstJson = Optional.of(json);
    firstSequence = header.u64be(V2_SEQUENCE_AT);
    return Optional.of(new Window(header.length(), header.length()));
  }

  /**
   * Checks the second header. Readers use the newer of two valid headers, so the content of both
   * must be the same.
   */
  private void checkSecond(Bytes header, String json) throws Refusal {
    boolean valid = header.at(0, SECOND_MAGIC) && header.u16be(6) == 2 && checksumHolds(header);
    require(
        !valid
            || (json.equals(firstJson.orElseThrow())
                && header.u64be(V2_SEQUENCE_AT) == firstSequence
                && header.u64be(8) == header.length()
                && header.u64be(V2_PLACE_AT) == header.length()),
        "has two headers that differ, so that readers disagree on what the disk holds");
  }

  @Override
  public void end(Ending ending) throws Refusal {
    requireReaches(ending, headersEnd, "header");
    if (payloadAt.isPresent()) {
      requireReaches(ending, payloadAt.getAsLong(), "key area");
      long payloadBytes = ending.totalBytes() - payloadAt.getAsLong();
      if (virtualSize.isPresent()) {
        requireReaches(ending, payloadAt.getAsLong() + virtualSize.getAsLong(), "data");
      } else {
        requireBeyond(ending, payloadAt.getAsLong(), "data segment");
        virtualSize = OptionalLong.of(payloadBytes);
      }
    }
  }

  @Override
  public OptionalLong virtualSize() {
    return virtualSize;
  }

  @Override
  public List<String> notes() {
    return notes;
  }

  private Optional<Window> beginV1(Bytes head) throws Refusal {
    requireHeader(head, V1_HEADER_BYTES);
    headersEnd = V1_HEADER_BYTES;
    long keyBytes = head.u32be(108);
    require(
        !head.textUpToNul(8, 32).isEmpty()
            && !head.textUpToNul(40, 32).isEmpty()
            && !head.textUpToNul(72, 32).isEmpty()
            && keyBytes > 0
            && keyBytes <= 512,
        "has a header without a cipher");
    for (int slot = 0; slot < 8; slot++) {
      long state = head.u32be(V1_KEY_SLOTS_AT + slot * V1_KEY_SLOT_BYTES);
      require(
          state == V1_SLOT_ENABLED || state == V1_SLOT_DISABLED,
          "has a key slot that is neither used nor free");
    }
    long payload = head.u32be(104) * SECTOR;
    // A payload offset of zero means a detached header: the data are in another file.
    require(payload >= V1_HEADER_BYTES, "is a detached header without its data");
    payloadAt = OptionalLong.of(payload);
    return Optional.empty();
  }

  private Optional<Window> beginV2(Bytes head) throws Refusal {
    requireHeader(head, V2_BINARY_HEADER_BYTES);
    long headerBytes = head.u64be(8);
    require(
        headerBytes >= V2_MIN_HEADER_BYTES
            && headerBytes <= V2_MAX_HEADER_BYTES
            && Long.bitCount(headerBytes) == 1,
        "has a header of an impossible length, or of more than 1 MiB");
    require(head.u64be(V2_PLACE_AT) == 0, "has a header that says it stands elsewhere");
    headersEnd = 2 * headerBytes;
    return Optional.of(new Window(0, (int) headerBytes));
  }

  /**
   * Reads the segments. One segment is a disk; several are a disk of unknown size, during its
   * re-encryption.
   */
  private void readSegments(Map<String, String> fields) throws Refusal {
    String offset = fields.getOrDefault("segments.0.offset", "");
    String size = fields.getOrDefault("segments.0.size", "");
    boolean single = fields.keySet().stream().noneMatch(key -> key.startsWith("segments.1."));
    require(DECIMAL.matcher(offset).matches(), "has metadata without a data segment");
    if (single) {
      payloadAt = OptionalLong.of(Long.parseLong(offset));
      if (DECIMAL.matcher(size).matches()) {
        virtualSize = OptionalLong.of(Long.parseLong(size));
      } else {
        require(size.equals("dynamic"), "has a data segment of an impossible size");
      }
      require(payloadAt.getAsLong() >= headersEnd, "is a detached header without its data");
    }
  }

  /** Checks the digest of the whole header, calculated with zeros in the checksum field. */
  private static boolean checksumHolds(Bytes header) throws Refusal {
    String algorithm = header.textUpToNul(72, 32).toUpperCase(Locale.ROOT).replace("SHA", "SHA-");
    byte[] bytes = header.copy(0, header.length());
    Arrays.fill(bytes, V2_CHECKSUM_AT, V2_CHECKSUM_AT + V2_CHECKSUM_BYTES, (byte) 0);
    try {
      byte[] digest = MessageDigest.getInstance(algorithm).digest(bytes);
      return digest.length <= V2_CHECKSUM_BYTES
          && MessageDigest.isEqual(digest, header.copy(V2_CHECKSUM_AT, digest.length));
    } catch (NoSuchAlgorithmException e) {
      throw Refusal.unsafe(
          DiskFormat.LUKS,
          "luks has a header with an unknown checksum (%s)"
              .formatted(Quote.of(header.textUpToNul(72, 32))));
    }
  }
}
