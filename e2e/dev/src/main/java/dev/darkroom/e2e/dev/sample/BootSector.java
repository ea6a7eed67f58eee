package dev.darkroom.e2e.dev.sample;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A boot sector for PCs with a BIOS: prints one line on the screen and on the first serial port,
 * and halts. A partition table with one entry follows the code, as in every master boot record.
 */
final class BootSector {

  /** The size of a sector in bytes. */
  static final int SIZE = 512;

  private static final int LOADED_AT = 0x7C00;
  private static final int PARTITION_TABLE = 446;

  /** "Non-FS data": the sample has no file system. */
  private static final int PARTITION_TYPE = 0xDA;

  private BootSector() {}

  /**
   * The sector.
   *
   * @param line ASCII, without line end
   * @param firstSector the first sector of the partition
   * @param sectors the length of the partition in sectors
   * @throws IllegalArgumentException if the line is too long for a sector
   */
  static byte[] saying(String line, int firstSector, int sectors) {
    byte[] code = program("\r\n" + line + "\r\n");
    if (code.length > PARTITION_TABLE) {
      throw new IllegalArgumentException(
          (code.length - PARTITION_TABLE) + " characters too long for a boot sector: " + line);
    }
    ByteBuffer sector = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN).put(code);
    // FE FF FF: an address beyond the range of cylinder, head and sector.
    sector
        .position(PARTITION_TABLE)
        .put(new byte[] {(byte) 0x80, (byte) 0xFE, (byte) 0xFF, (byte) 0xFF})
        .put(new byte[] {(byte) PARTITION_TYPE, (byte) 0xFE, (byte) 0xFF, (byte) 0xFF})
        .putInt(firstSector)
        .putInt(sectors);
    return sector.position(SIZE - 2).put((byte) 0x55).put((byte) 0xAA).array();
  }

  private static byte[] program(String text) {
    RealModeCode code = new RealModeCode(LOADED_AT);
    setUp(code);
    printOnScreen(code);
    initialiseSerialPort(code);
    printOnSerialPort(code);
    halt(code);
    return code.label("text").text(text).assemble();
  }

  private static void setUp(RealModeCode code) {
    code.op(0xFA) //              cli
        .op(0x31, 0xC0) //        xor  ax, ax
        .op(0x8E, 0xD8) //        mov  ds, ax
        .op(0x8E, 0xD0) //        mov  ss, ax
        .op(0xBC, 0x00, 0x7C) //  mov  sp, 0x7C00
        .op(0xFB) //              sti
        .op(0xFC); //             cld
  }

  /** BIOS interrupt 10h, function 0Eh: teletype output. */
  private static void printOnScreen(RealModeCode code) {
    code.withAddress(0xBE, "text") //       mov  si, text
        .label("screen")
        .op(0xAC) //                        lodsb
        .op(0x84, 0xC0) //                  test al, al
        .jump(0x74, "serial") //            jz   serial
        .op(0xB4, 0x0E) //                  mov  ah, 0x0E
        .op(0xBB, 0x07, 0x00) //            mov  bx, 0x0007   page 0, grey
        .op(0xCD, 0x10) //                  int  0x10
        .jump(0xEB, "screen"); //           jmp  screen
  }

  /** A 16550 at 3F8h: 115200 baud, 8 bits, no parity, 1 stop bit. */
  private static void initialiseSerialPort(RealModeCode code) {
    code.label("serial")
        .op(0xBA, 0xFB, 0x03) //  mov  dx, 0x3FB    line control:
        .op(0xB0, 0x80, 0xEE) //  out  dx, 0x80     the divisor is next
        .op(0xBA, 0xF8, 0x03) //  mov  dx, 0x3F8    divisor, low byte:
        .op(0xB0, 0x01, 0xEE) //  out  dx, 1        115200 / 1
        .op(0x42) //              inc  dx           divisor, high byte
        .op(0xB0, 0x00, 0xEE) //  out  dx, 0
        .op(0xBA, 0xFB, 0x03) //  mov  dx, 0x3FB    line control:
        .op(0xB0, 0x03, 0xEE) //  out  dx, 3        8 bits, no parity, 1 stop bit
        .op(0x42) //              inc  dx           modem control:
        .op(0xB0, 0x03, 0xEE); // out  dx, 3        data terminal ready, request to send
  }

  private static void printOnSerialPort(RealModeCode code) {
    code.withAddress(0xBE, "text") //       mov  si, text
        .label("next")
        .op(0xAC) //                        lodsb
        .op(0x84, 0xC0) //                  test al, al
        .jump(0x74, "halt") //              jz   halt
        .op(0x88, 0xC4) //                  mov  ah, al
        .op(0xBA, 0xFD, 0x03) //            mov  dx, 0x3FD    line status
        .op(0xB9, 0xFF, 0xFF) //            mov  cx, 0xFFFF   a dead port must not hang us
        .label("wait")
        .op(0xEC) //                        in   al, dx
        .op(0xA8, 0x20) //                  test al, 0x20     transmitter empty?
        .jump(0xE1, "wait") //              loopz wait
        .op(0x88, 0xE0) //                  mov  al, ah
        .op(0xBA, 0xF8, 0x03) //            mov  dx, 0x3F8
        .op(0xEE) //                        out  dx, al
        .jump(0xEB, "next"); //             jmp  next
  }

  private static void halt(RealModeCode code) {
    code.label("halt")
        .op(0xF4) //              hlt               until an interrupt,
        .jump(0xEB, "halt"); //   jmp  halt         and again
  }
}
