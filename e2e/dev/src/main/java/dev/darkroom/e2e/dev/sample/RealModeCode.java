package dev.darkroom.e2e.dev.sample;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Just enough of an assembler for a boot sector: bytes in order, labels, short jumps and 16-bit
 * addresses. The opcodes are those of the Intel 64 and IA-32 manual, volume 2, in 16-bit mode.
 *
 * <p>For one thread.
 */
final class RealModeCode {

  private final int origin;
  private final ByteArrayOutputStream code = new ByteArrayOutputStream();
  private final Map<String, Integer> labels = new LinkedHashMap<>();
  private final Map<Integer, String> shortJumps = new LinkedHashMap<>();
  private final Map<Integer, String> addresses = new LinkedHashMap<>();

  /** Code with its origin at this address of segment 0. */
  RealModeCode(int origin) {
    this.origin = origin;
  }

  /** One or more instructions as bytes. */
  RealModeCode op(int... bytes) {
    for (int b : bytes) {
      code.write(b);
    }
    return this;
  }

  /** A short jump, conditional or not: its opcode and target. */
  RealModeCode jump(int opcode, String label) {
    op(opcode);
    shortJumps.put(code.size(), label);
    return op(0);
  }

  /** An instruction with the address of a label as operand. */
  RealModeCode withAddress(int opcode, String label) {
    op(opcode);
    addresses.put(code.size(), label);
    return op(0, 0);
  }

  /** Defines a label at the current position. */
  RealModeCode label(String name) {
    labels.put(name, code.size());
    return this;
  }

  /** ASCII text with a final zero byte. */
  RealModeCode text(String text) {
    return op(text.getBytes(StandardCharsets.US_ASCII)).op(0);
  }

  private RealModeCode op(byte[] bytes) {
    code.writeBytes(bytes);
    return this;
  }

  /**
   * The bytes, with all labels resolved.
   *
   * @throws IllegalStateException if a short jump is out of range
   */
  byte[] assemble() {
    byte[] bytes = code.toByteArray();
    shortJumps.forEach(
        (at, label) -> {
          int distance = labels.get(label) - (at + 1);
          if (distance != (byte) distance) {
            throw new IllegalStateException("too far for a short jump: " + label);
          }
          bytes[at] = (byte) distance;
        });
    addresses.forEach(
        (at, label) -> {
          int address = origin + labels.get(label);
          bytes[at] = (byte) address;
          bytes[at + 1] = (byte) (address >>> 8);
        });
    return bytes;
  }
}
