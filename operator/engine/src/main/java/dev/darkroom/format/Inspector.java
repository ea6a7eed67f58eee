package dev.darkroom.format;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Tells from a stream of bytes what disk image it is and whether it is safe to keep.
 *
 * <p>Feed every byte of the file once and in order through {@link #update}, in chunks of any size,
 * ask {@link #early} now and then to stop a transfer that is lost already, and take the last word
 * from {@link #finish}. The verdict depends on the bytes alone, not on how they were cut.
 *
 * <p>What is told apart, from headers: qcow2, VMDK, VDI, VHD, VHDX, ISO 9660, GPT and MBR, LUKS,
 * QED. The tables that say where a qcow2, VMDK, VDI, VHD or VHDX has its data are read as well, but
 * for those that stand before what says where they are. The policy is stricter than that of the
 * inspector in OpenStack's oslo.utils:
 *
 * <ul>
 *   <li>An image must not read other files, need features nobody knows, or contradict itself.
 *   <li>Two formats at once are refused, but for an ISO that also has a partition table.
 *   <li>What is found must be what was declared. Only a partition table may stand in a declared
 *       {@code raw}, because raw disks have one.
 *   <li>Unknown is not raw: bytes nobody knows are accepted only where a format was declared that
 *       cannot be inspected ({@link DiskFormat#inspectable()}); an HTML page not even then.
 * </ul>
 *
 * <p>Memory: the first {@value #HEAD_BYTES} bytes, one window of at most 1 MiB where a format needs
 * it (VMDK descriptor, VHDX metadata), the places of up to 65536 tables that are still to come, the
 * last 1536 bytes: never more than 1.7 MiB between two calls, and at most some 4 MiB while such a
 * window is read. Time: once the headers have gone by, a chunk costs the copy of its last 1536
 * bytes and a look at each of its bytes that belong to a table, and nothing once refused.
 *
 * <p>Not safe for use by several threads at once; hand-over with a happens-before edge is fine.
 */
public final class Inspector {

  /** How much of the start is captured, and what a preflight should fetch for {@link #preview}. */
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
   * @param declared what its owner says it is; empty to take what is found
   */
  public static Inspector of(Optional<DiskFormat> declared) {
    return of(declared, InspectionLimits.defaults());
  }

  /**
   * An inspector for one file.
   *
   * @param declared what its owner says it is; empty to take what is found
   * @param limits what it accepts at most
   */
  public static Inspector of(Optional<DiskFormat> declared, InspectionLimits limits) {
    return new Inspector(declared, limits);
  }

  /**
   * Looks at the next bytes, those between the buffer's position and limit, and leaves both as they
   * are.
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

  /** The refusal, as soon as it is certain; empty as long as the bytes may turn out well. */
  public Optional<Verdict.Refused> early() {
    return refused;
  }

  /**
   * What the verdict will be if nothing that is still to come objects, for a preflight that has
   * only the start of the file. Empty before {@link #HEAD_BYTES} have been seen: of a file shorter
   * than that, {@link #finish} knows all. Tables past the start have not been read then. The
   * virtual size of an accepted one may be missing, and is where it is the size of the file.
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
   * The last word, when every byte has been seen. May be asked again.
   *
   * @param totalBytes how long the file is
   * @throws IllegalArgumentException if that is not the number of bytes it was shown: a verdict on
   *     other bytes than those that are kept is worth nothing
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

  /** Bytes until something has to be decided, so that it is decided right there. */
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

  /** Shows the probe every window that the head holds, and awaits the first that it does not. */
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
