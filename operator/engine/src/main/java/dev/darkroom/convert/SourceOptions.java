package dev.darkroom.convert;

import dev.darkroom.convert.ConvertException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Options by which qemu-img opens an image: with a fixed driver, as a local file, without a backing
 * file. QEMU has no option that forbids the data file of a qcow2 or the extents of a VMDK;
 * therefore qemu-img never receives an image that names them. These rules do not depend on the
 * verdict of an inspector.
 *
 * <p>Source: QEMU {@code qapi/block-core.json}, BlockdevOptions; {@code docs/interop/qcow2.rst},
 * "Header".
 */
final class SourceOptions {

  private static final int HEADER_BYTES = 80;
  private static final int VMDK_MAGIC = 0x4B444D56;
  private static final int QCOW2_VERSION_AT = 4;
  private static final int QCOW2_INCOMPATIBLE_FEATURES_AT = 72;
  private static final long EXTERNAL_DATA_FILE = 1 << 2;
  private static final int VMDK_CAPACITY_AT = 12;

  private SourceOptions() {}

  /**
   * The file name for qemu-img, in its JSON form.
   *
   * @throws ConvertException when the image would make qemu-img open another file
   */
  static String of(Path file, String driver) throws ConvertException {
    requireOneFile(file, driver);
    return "json:{\"driver\":\"%s\",\"backing\":null,\"file\":{\"driver\":\"file\",\"filename\":%s}}"
        .formatted(driver, quoted(file.toString()));
  }

  private static void requireOneFile(Path file, String driver) throws ConvertException {
    ByteBuffer header = header(file);
    boolean others =
        switch (driver) {
          case "qcow2" ->
              header.getInt(QCOW2_VERSION_AT) > 2
                  && (header.getLong(QCOW2_INCOMPATIBLE_FEATURES_AT) & EXTERNAL_DATA_FILE) != 0;
          case "vmdk" -> header.getInt(0) != VMDK_MAGIC || header.getLong(VMDK_CAPACITY_AT) == 0;
          default -> false;
        };
    if (others) {
      throw new ConvertException(
          Kind.FAILED, "The image keeps its data in other files, which are not read.");
    }
  }

  /** Returns the first bytes of the file, with zeros after its end. */
  private static ByteBuffer header(Path file) throws ConvertException {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.BIG_ENDIAN);
    try (FileChannel channel = FileChannel.open(file)) {
      while (header.hasRemaining() && channel.read(header) >= 0) {
        // Reads on until the buffer is full or the file ends.
      }
      return header;
    } catch (IOException e) {
      throw new ConvertException(Kind.FAILED, "The image to convert can't be read.", e);
    }
  }

  /** Source: RFC 8259, section 7. */
  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append("\\u%04x".formatted((int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
