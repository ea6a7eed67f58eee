package dev.darkroom.format;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Recognises the format of a disk image in a stream of bytes, and decides whether the image is safe
 * to store.
 *
 * <p>Pass every byte of the file once and in order to {@link #update}, in chunks of any size. Call
 * {@link #early} from time to time, to stop a transfer as soon as its image is refused. {@link
 * #finish} returns the verdict. The verdict depends on the bytes only, not on the chunks.
 *
 * <p>Recognised by their headers are qcow2, VMDK, VDI, VHD, VHDX, ISO 9660, GPT and MBR, LUKS,
 * ploop and QED. The tables with the data offsets of a qcow2, VMDK, VDI, VHD, VHDX or ploop are
 * read as well, except a table before the header that gives its offset. The policy is stricter than
 * that of the inspector in OpenStack's oslo.utils:
 *
 * <ul>
 *   <li>An image must not read other files, need unknown features, or contradict itself.
 *   <li>An image must have the same meaning for every reader. QEMU, VMware, VirtualBox and Hyper-V
 *       ignore different fields, so a field that one of them ignores must agree with the others.
 *   <li>Two formats at once are refused, except an ISO that also has a partition table.
 *   <li>The format found must be the format declared. Only a partition table may be found in a
 *       declared {@code raw}, because raw disks have one.
 *   <li>Unknown is not raw: unrecognised bytes are accepted only with a declared format that can't
 *       be inspected ({@link DiskFormat#inspectable()}). Archives, documents, compressed streams
 *       and programs are recognised, and no declared format makes them a disk.
 *   <li>A disk has at least one sector of 512 bytes and at most {@link InspectionLimits}.
 * </ul>
 *
 * <p>Memory: the first {@value #HEAD_BYTES} bytes, one window of at most 1 MiB if the format needs
 * it (VMDK descriptor, VHDX metadata, LUKS2 header), the offsets of up to 65536 tables that follow,
 * and the last 1536 bytes. This is at most 1.7 MiB between two calls, and about 4 MiB while such a
 * window is read. Time: after the headers, a chunk costs the copy of its last 1536 bytes and the
 * check of each byte that belongs to a table. After a refusal, a chunk costs nothing.
 *
 * <p>Not thread-safe. Another thread may continue after a happens-before edge.
 */
public final class Inspector {

  /** The number of captured bytes at the start, which {@link #preview} needs. */
  public static final int HEAD_BYTES = 64 << 10;

  private final Recognition recognition;
  private final Tail tail = new Tail();
  private final Capture head = new Capture(new Window(0, HEAD_BYTES));

  private long position;
  private Optional<Capture> pending = Optional.empty();
  private Optional<FormatProbe> probe = Optional.empty();
  private Optional<Verdict.Refused> refused = Optional.empty();
  private Optional<Verdict> last = Optional.empty();

  private Inspector(Optional<DiskFormat> declared, InspectionLimits limits) {
    recognition = new Recognition(declared, limits);
  }

  /**
   * An inspector for one file.
   *
   * @param declared the format that the owner declares; empty to accept the detected format
   */
  public static Inspector of(Optional<DiskFormat> declared) {
    return of(declared, InspectionLimits.defaults());
  }

  /**
   * An inspector for one file.
   *
   * @param declared the format that the owner declares; empty to accept the detected format
   * @param limits of the images that are accepted
   */
  public static Inspector of(Optional<DiskFormat> declared, InspectionLimits limits) {
    return new Inspector(declared, limits);
  }

  /**
   * Inspects the next bytes, between the buffer's position and limit, and changes neither.
   *
   * @throws IllegalStateException after {@link #finish}
   */
  public void update(ByteBuffer chunk) {
    if (last.isPresent()) {
      throw new IllegalStateException("the verdict has been given");
    }
    int index = chunk.position();
    int end = chunk.limit();
    while (index < end) {
      int count = (int) Math.min(end - index, untilNextStop());
      take(chunk, index, count);
      index += count;
    }
  }

  /** Returns the refusal as soon as it is certain; empty before. */
  public Optional<Verdict.Refused> early() {
    return refused;
  }

  /**
   * Returns the verdict on the start of the file, for a preflight; the rest can still cause a
   * refusal. Empty until {@link #HEAD_BYTES} have been read; use {@link #finish} for a shorter
   * file. Tables after the start have not been read. The virtual size of an accepted image may be
   * missing; it is always missing if it is the size of the file.
   */
  public Optional<Verdict> preview() {
    if (last.isPresent()) {
      return last;
    }
    if (refused.isPresent()) {
      return Optional.of(refused.get());
    }
    return probe.map(recognition::accepted);
  }

  /**
   * Returns the verdict on the whole file. A second call returns the same verdict.
   *
   * @param totalBytes the length of the file
   * @throws IllegalArgumentException if the inspector has read more or fewer bytes: a verdict is
   *     valid for exactly the inspected bytes
   */
  public Verdict finish(long totalBytes) {
    if (totalBytes != position) {
      throw new IllegalArgumentException("shown " + position + " bytes of a file of " + totalBytes);
    }
    if (last.isEmpty()) {
      last = Optional.of(conclude());
    }
    return last.get();
  }

  /** Returns the number of bytes until the end of the next window, the next point of a decision. */
  private long untilNextStop() {
    if (!head.complete()) {
      return head.end() - position;
    }
    return pending.map(capture -> capture.end() - position).orElse(Long.MAX_VALUE);
  }

  private void take(ByteBuffer chunk, int index, int count) {
    if (refused.isEmpty()) {
      tail.take(chunk, index, count);
      if (!head.complete()) {
        head.take(position, chunk, index, count);
        if (head.complete()) {
          position += count;
          recognise();
          return;
        }
      } else {
        walkTables(chunk, index, count);
        if (pending.isPresent()) {
          pending.get().take(position, chunk, index, count);
          if (pending.get().complete()) {
            position += count;
            proceed();
            return;
          }
        }
      }
    }
    position += count;
  }

  private void walkTables(ByteBuffer chunk, int index, int count) {
    Optional<TableWalk> tables = probe.flatMap(FormatProbe::tables);
    if (tables.isPresent()) {
      try {
        tables.get().pass(position, chunk, index, count);
      } catch (Refusal refusal) {
        refuse(refusal);
      }
    }
  }

  private void recognise() {
    Bytes bytes = head.bytes();
    try {
      FormatProbe recognised = recognition.recognise(bytes);
      probe = Optional.of(recognised);
      show(recognised, recognised.begin(bytes));
      recognition.requireDeclared(recognised);
      recognition.requireSize(recognised);
      Optional<TableWalk> tables = recognised.tables();
      if (tables.isPresent()) {
        tables.get().pass(0, head.buffer(), 0, bytes.length());
      }
    } catch (Refusal refusal) {
      refuse(refusal);
    }
  }

  private void proceed() {
    Bytes window = pending.orElseThrow().bytes();
    FormatProbe recognised = probe.orElseThrow();
    try {
      show(recognised, recognised.proceed(window));
      recognition.requireSize(recognised);
    } catch (Refusal refusal) {
      refuse(refusal);
    }
  }

  /**
   * Passes every window inside the head to the probe; the first window after it becomes pending.
   */
  private void show(FormatProbe recognised, Optional<Window> first) throws Refusal {
    Optional<Window> next = first;
    pending = Optional.empty();
    while (next.isPresent()) {
      Capture capture = new Capture(next.get());
      if (next.get().offset() < position) {
        capture.take(0, head.buffer(), 0, head.bytes().length());
      }
      if (!capture.complete()) {
        pending = Optional.of(capture);
        return;
      }
      next = recognised.proceed(capture.bytes());
    }
  }

  private Verdict conclude() {
    if (refused.isEmpty() && !head.complete()) {
      recognise();
    }
    if (refused.isEmpty()) {
      try {
        return recognition.conclude(
            probe.orElseThrow(), pending.isPresent(), new Ending(position, tail.bytes()));
      } catch (Refusal refusal) {
        refuse(refusal);
      }
    }
    return refused.orElseThrow();
  }

  private void refuse(Refusal refusal) {
    refused = Optional.of(refusal.verdict());
    pending = Optional.empty();
  }
}
