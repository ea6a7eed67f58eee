package dev.darkroom.convert;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A seccomp filter for a program that converts files: system calls that open a network socket, a
 * file by another way than its name, another process or a privileged part of the kernel fail with
 * EPERM. All other system calls are allowed.
 *
 * <p>Source: Linux {@code Documentation/userspace-api/seccomp_filter.rst}; the numbers are those of
 * {@code arch/x86/entry/syscalls/syscall_64.tbl} and {@code include/uapi/asm-generic/unistd.h}.
 */
final class SyscallFilter {

  private static final int BYTES_PER_INSTRUCTION = 8;
  private static final int LOAD_WORD = 0x20;
  private static final int JUMP_IF_EQUAL = 0x15;
  private static final int JUMP_IF_AT_LEAST = 0x35;
  private static final int RETURN = 0x06;

  private static final int NUMBER_AT = 0;
  private static final int ARCHITECTURE_AT = 4;

  private static final int ALLOW = 0x7FFF0000;
  private static final int KILL_PROCESS = 0x80000000;
  private static final int FAIL_WITH_EPERM = 0x00050001;

  /** The first number of the 32-bit interface of a 64-bit x86 kernel. */
  private static final int X32 = 0x40000000;

  /**
   * The same numbers on both processors: io_uring, file descriptors of other processes, the new
   * mount calls.
   */
  private static final List<Integer> COMMON =
      List.of(425, 426, 427, 428, 429, 430, 431, 432, 433, 438, 442);

  /**
   * socket, ptrace, process_vm_*, *_handle_at, unshare, setns, chroot, pivot_root, mount, umount2,
   * keys, bpf, perf_event_open, userfaultfd, modules, kexec, swap, reboot, acct, quotactl.
   */
  private static final List<Integer> X86_64 =
      List.of(
          41, 101, 310, 311, 303, 304, 272, 308, 161, 155, 165, 166, 248, 249, 250, 321, 298, 323,
          175, 176, 313, 246, 320, 167, 168, 169, 163, 179);

  /** In the same order. */
  private static final List<Integer> AARCH64 =
      List.of(
          198, 117, 270, 271, 264, 265, 97, 268, 51, 41, 40, 39, 217, 218, 219, 280, 241, 282, 105,
          106, 273, 104, 294, 224, 225, 142, 89, 60);

  private SyscallFilter() {}

  /**
   * Returns the filter in the form of the kernel: an array of {@code struct sock_filter}.
   *
   * @return empty for a processor whose system calls this class does not know
   */
  static Optional<byte[]> ofThisProcessor() {
    return of(System.getProperty("os.arch", ""));
  }

  static Optional<byte[]> of(String processor) {
    return switch (processor.toLowerCase(Locale.ROOT)) {
      case "amd64", "x86_64" -> Optional.of(filter(0xC000003E, X86_64));
      case "aarch64", "arm64" -> Optional.of(filter(0xC00000B7, AARCH64));
      default -> Optional.empty();
    };
  }

  private static byte[] filter(int architecture, List<Integer> own) {
    int denied = own.size() + COMMON.size();
    ByteBuffer filter =
        ByteBuffer.allocate((denied + 7) * BYTES_PER_INSTRUCTION).order(ByteOrder.nativeOrder());
    instruction(filter, LOAD_WORD, 0, ARCHITECTURE_AT);
    instruction(filter, JUMP_IF_EQUAL, 1, architecture);
    instruction(filter, RETURN, 0, KILL_PROCESS);
    instruction(filter, LOAD_WORD, 0, NUMBER_AT);
    instruction(filter, JUMP_IF_AT_LEAST, denied + 1, X32);
    int left = denied;
    for (List<Integer> numbers : List.of(own, COMMON)) {
      for (int number : numbers) {
        instruction(filter, JUMP_IF_EQUAL, left, number);
        left--;
      }
    }
    instruction(filter, RETURN, 0, ALLOW);
    instruction(filter, RETURN, 0, FAIL_WITH_EPERM);
    return filter.array();
  }

  private static void instruction(ByteBuffer filter, int code, int jumpIfTrue, int value) {
    filter.putShort((short) code).put((byte) jumpIfTrue).put((byte) 0).putInt(value);
  }
}
