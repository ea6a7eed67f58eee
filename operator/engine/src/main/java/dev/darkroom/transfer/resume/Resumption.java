package dev.darkroom.transfer.resume;

import dev.darkroom.store.BlobWrite;
import dev.darkroom.store.StoreException;
import dev.darkroom.transfer.call.CancellationToken;
import dev.darkroom.transfer.call.StoreCall;
import dev.darkroom.transfer.call.StoreCallException;
import dev.darkroom.transfer.call.TimedChannel;
import dev.darkroom.transfer.call.TransferContext;
import dev.darkroom.transfer.copy.CopyReading;
import dev.darkroom.transfer.model.Failures;
import dev.darkroom.transfer.model.RefusedException;
import dev.darkroom.transfer.model.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up what an earlier attempt left. Each write that can be read back is compared with the sums
 * in the journal, part by part, and cut before the first that differs. The one with the most good
 * bytes is the memory: from it the digests, the inspector and every other target get what they
 * lack. A write that can't be read back is trusted to hold what was appended, up to where the
 * memory ends; one that stands past that is cut, or given up.
 */
public final class Resumption {

  private static final Logger LOG = LoggerFactory.getLogger(Resumption.class);

  /** A write that was taken up, and how many of its bytes are known to be good, if any can be. */
  private record Found(JournalWrite entry, Target target, BlobWrite write, Optional<Long> good) {

    long position() {
      return write.position();
    }
  }

  /**
   * What there is to go on with.
   *
   * @param contents what the journal said
   * @param position how many bytes of the source are not needed again
   * @param memoryName of the store that those bytes are read back from
   * @param memory the write that has them: one of the others
   * @param targets the writes that go on, by their target; they stand at the position or before it
   * @param staged the write of the bytes as delivered, if there is one; as those
   */
  public record Ground(
      JournalContents contents,
      long position,
      String memoryName,
      BlobWrite memory,
      Map<Target, BlobWrite> targets,
      Optional<BlobWrite> staged) {

    /** Whether the source was read to its end. */
    public boolean complete() {
      return contents.total().isPresent() && contents.total().getAsLong() == position;
    }

    /** How much of it a target has. */
    public long there(Target target) {
      return Optional.ofNullable(targets.get(target)).map(BlobWrite::position).orElse(0L);
    }

    /** The sums of the parts that are there. */
    public PartSums parts() {
      int bytes = contents.partBytes();
      return contents.parts().first((int) ((position + bytes - 1) / bytes));
    }

    /** Reads what is there. */
    public CopyReading read(TransferContext context, CancellationToken stop)
        throws RefusedException {
      try {
        return CopyReading.open(
            context,
            stop,
            memoryName,
            position,
            () ->
                memory
                    .readBack(0, position)
                    .orElseThrow(
                        () ->
                            new StoreException(
                                StoreException.Kind.UNAVAILABLE, "it can't be read back.")));
      } catch (StoreCallException e) {
        throw new RefusedException(Failures.ofStore(memoryName, e.getCause()));
      }
    }
  }

  private final JournalContents contents;
  private final TransferJournal journal;
  private final TransferContext context;
  private final CancellationToken stop;

  public Resumption(
      JournalContents contents,
      TransferJournal journal,
      TransferContext context,
      CancellationToken stop) {
    this.contents = contents;
    this.journal = journal;
    this.context = context;
    this.stop = stop;
  }

  /**
   * Takes it up.
   *
   * @param targets those that still have to be written
   * @return empty when there is nothing to go on with; then nothing is left of it
   * @throws InterruptedException when the transfer is stopped; then all of it is left as it was
   */
  public Optional<Ground> take(List<Target> targets) throws InterruptedException {
    List<Found> found = new ArrayList<>();
    boolean taken = false;
    try {
      for (JournalWrite entry : contents.writes()) {
        Optional<Target> target = journal.locate(entry, targets);
        if (target.isPresent()) {
          resume(entry, target.get(), Long.MAX_VALUE).ifPresent(found::add);
        }
      }
      found.replaceAll(this::measured);
      stop.requireNotStopped();
      taken = true;
    } finally {
      if (!taken) {
        found.forEach(each -> each.write().suspend());
      }
    }
    long position = found.stream().mapToLong(each -> each.good().orElse(0L)).max().orElse(0);
    boolean complete = contents.total().isPresent() && contents.total().getAsLong() == position;
    if (position == 0 || (contents.validator().isEmpty() && !complete)) {
      found.forEach(each -> each.write().abort());
      return Optional.empty();
    }
    List<Found> ground = new ArrayList<>();
    found.forEach(each -> cut(each, position).ifPresent(ground::add));
    return ground(position, ground);
  }

  private Optional<Ground> ground(long position, List<Found> found) {
    Optional<Found> memory =
        found.stream()
            .filter(each -> each.good().isPresent())
            .max(Comparator.comparingLong(Found::position))
            .filter(each -> each.position() == position);
    if (memory.isEmpty()) {
      found.forEach(each -> each.write().abort());
      return Optional.empty();
    }
    Map<Target, BlobWrite> targets = new LinkedHashMap<>();
    found.stream()
        .filter(is(JournalWrite.Role.TARGET))
        .forEach(each -> targets.put(each.target(), each.write()));
    Optional<BlobWrite> staged =
        found.stream().filter(is(JournalWrite.Role.STAGING)).map(Found::write).findFirst();
    LOG.info(
        "{} bytes are there already, read back from {}", position, memory.get().target().name());
    return Optional.of(
        new Ground(
            contents,
            position,
            memory.get().target().name(),
            memory.get().write(),
            targets,
            staged));
  }

  private static Predicate<Found> is(JournalWrite.Role role) {
    return found -> found.entry().role() == role;
  }

  private Optional<Found> resume(JournalWrite entry, Target target, long atMost) {
    try {
      return StoreCall.start(
              context.threads(),
              target.name(),
              () -> target.store().resume(entry.key(), entry.token(), atMost),
              late -> late.ifPresent(BlobWrite::suspend))
          .await(context.patience().call(), stop, context.patience().grace())
          .map(write -> new Found(entry, target, write, Optional.empty()));
    } catch (StoreCallException e) {
      LOG.warn("Store {}: the unfinished write can't be taken up", target.name(), e);
      return Optional.empty();
    }
  }

  /** Compares it with the sums, where it can be read back. */
  private Found measured(Found found) {
    try {
      long there = Math.min(found.position(), end());
      Optional<ReadableByteChannel> channel = found.write().readBack(0, there);
      if (channel.isEmpty()) {
        return found;
      }
      try (TimedChannel bytes =
          TimedChannel.open(context, stop, found.target().name(), channel::get)) {
        long good = good(bytes, there);
        if (good < there) {
          LOG.info(
              "Store {}: {} of {} bytes are good", found.target().name(), good, found.position());
        }
        return new Found(found.entry(), found.target(), found.write(), Optional.of(good));
      }
    } catch (IOException | StoreCallException | RuntimeException e) {
      LOG.warn("Store {}: what is there can't be read back", found.target().name(), e);
      return new Found(found.entry(), found.target(), found.write(), Optional.of(0L));
    }
  }

  /** Where the last part in the journal ends. */
  private long end() {
    long end = (long) contents.parts().size() * contents.partBytes();
    return Math.min(end, contents.total().orElse(end));
  }

  private long good(TimedChannel bytes, long there) throws StoreCallException {
    PartSums parts = contents.parts();
    ByteBuffer part = ByteBuffer.allocateDirect(contents.partBytes());
    CRC32C crc = new CRC32C();
    long good = 0;
    for (int i = 0; i < parts.size() && !stop.stopped(); i++) {
      part.clear().limit((int) Math.min(contents.partBytes(), end() - good));
      if (there - good < part.limit()) {
        return good;
      }
      while (part.hasRemaining()) {
        if (bytes.read(part) < 0) {
          return good;
        }
      }
      crc.reset();
      crc.update(part.flip());
      if ((int) crc.getValue() != parts.get(i)) {
        return good;
      }
      good += part.limit();
    }
    return good;
  }

  /** Has it stand where its bytes are good, and not past the memory. */
  private Optional<Found> cut(Found found, long position) {
    long atMost = Math.min(position, found.good().orElse(position));
    if (found.position() <= atMost) {
      return Optional.of(found);
    }
    found.write().suspend();
    Optional<Found> again = resume(found.entry(), found.target(), atMost);
    if (again.isPresent() && again.get().position() > atMost) {
      again.get().write().abort();
      return Optional.empty();
    }
    return again.map(cut -> new Found(cut.entry(), cut.target(), cut.write(), found.good()));
  }
}
