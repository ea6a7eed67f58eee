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
 * Resumes the writes of an earlier attempt. Each write that can be read back is compared with the
 * sums in the journal, part by part, and cut before the first part that differs. The write with the
 * most good bytes is replayed: to the digests, the inspector, and the targets that have fewer. A
 * write that can't be read back is trusted up to the end of the replay; beyond that it is cut, or
 * aborted.
 */
public final class Resumption {

  private static final Logger LOG = LoggerFactory.getLogger(Resumption.class);

  /** A resumed write; the number of its good bytes is empty when it can't be read back. */
  private record Found(JournalWrite entry, Target target, BlobWrite write, Optional<Long> good) {

    long position() {
      return write.position();
    }
  }

  /**
   * The point where an attempt resumes.
   *
   * @param contents of the journal
   * @param position how many bytes of the source are not fetched again
   * @param replayStore the name of the store that these bytes are read back from
   * @param replay the write that has them: one of the following
   * @param targets the resumed writes by target; their positions are not past the point
   * @param staged the resumed write of the delivered bytes, if there is one
   */
  public record ResumePoint(
      JournalContents contents,
      long position,
      String replayStore,
      BlobWrite replay,
      Map<Target, BlobWrite> targets,
      Optional<BlobWrite> staged) {

    /** Whether the earlier attempt read the source to its end. */
    public boolean complete() {
      return contents.total().isPresent() && contents.total().getAsLong() == position;
    }

    /** How many bytes a target has. */
    public long present(Target target) {
      return Optional.ofNullable(targets.get(target)).map(BlobWrite::position).orElse(0L);
    }

    /** The sums of the parts before the point. */
    public PartSums parts() {
      int bytes = contents.partBytes();
      return contents.parts().first((int) ((position + bytes - 1) / bytes));
    }

    /** Reads the bytes before the point. */
    public CopyReading read(TransferContext context, CancellationToken token)
        throws RefusedException {
      try {
        return CopyReading.open(
            context,
            token,
            replayStore,
            position,
            () ->
                replay
                    .readBack(0, position)
                    .orElseThrow(
                        () ->
                            new StoreException(
                                StoreException.Kind.UNAVAILABLE, "it can't be read back.")));
      } catch (StoreCallException e) {
        throw new RefusedException(Failures.ofStore(replayStore, e.getCause()));
      }
    }
  }

  private final JournalContents contents;
  private final TransferJournal journal;
  private final TransferContext context;
  private final CancellationToken token;

  /** Resumes the writes of a journal. */
  public Resumption(
      JournalContents contents,
      TransferJournal journal,
      TransferContext context,
      CancellationToken token) {
    this.contents = contents;
    this.journal = journal;
    this.context = context;
    this.token = token;
  }

  /**
   * Resumes the writes.
   *
   * @param targets the missing targets
   * @return empty when nothing can be resumed; then the writes are aborted
   * @throws InterruptedException when the transfer is cancelled; then the writes are suspended
   */
  public Optional<ResumePoint> take(List<Target> targets) throws InterruptedException {
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
      token.throwIfCancelled();
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
    List<Found> resumePoint = new ArrayList<>();
    found.forEach(each -> cut(each, position).ifPresent(resumePoint::add));
    return resumePoint(position, resumePoint);
  }

  private Optional<ResumePoint> resumePoint(long position, List<Found> found) {
    Optional<Found> replay =
        found.stream()
            .filter(each -> each.good().isPresent())
            .max(Comparator.comparingLong(Found::position))
            .filter(each -> each.position() == position);
    if (replay.isEmpty()) {
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
        "Resumes after {} bytes, which are read back from {}",
        position,
        replay.get().target().name());
    return Optional.of(
        new ResumePoint(
            contents,
            position,
            replay.get().target().name(),
            replay.get().write(),
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
          .await(context.timeouts().call(), token, context.timeouts().grace())
          .map(write -> new Found(entry, target, write, Optional.empty()));
    } catch (StoreCallException e) {
      LOG.warn("Store {}: the unfinished write can't be resumed", target.name(), e);
      return Optional.empty();
    }
  }

  /** Compares a write with the sums, where it can be read back. */
  private Found measured(Found found) {
    try {
      long length = Math.min(found.position(), end());
      Optional<ReadableByteChannel> channel = found.write().readBack(0, length);
      if (channel.isEmpty()) {
        return found;
      }
      try (TimedChannel bytes =
          TimedChannel.open(context, token, found.target().name(), channel::get)) {
        long good = good(bytes, length);
        if (good < length) {
          LOG.info(
              "Store {}: {} of {} bytes are good", found.target().name(), good, found.position());
        }
        return new Found(found.entry(), found.target(), found.write(), Optional.of(good));
      }
    } catch (IOException | StoreCallException | RuntimeException e) {
      LOG.warn("Store {}: the unfinished write can't be read back", found.target().name(), e);
      return new Found(found.entry(), found.target(), found.write(), Optional.of(0L));
    }
  }

  /** The end of the last part in the journal. */
  private long end() {
    long end = (long) contents.parts().size() * contents.partBytes();
    return Math.min(end, contents.total().orElse(end));
  }

  private long good(TimedChannel bytes, long length) throws StoreCallException {
    PartSums parts = contents.parts();
    ByteBuffer part = ByteBuffer.allocateDirect(contents.partBytes());
    CRC32C crc = new CRC32C();
    long good = 0;
    for (int i = 0; i < parts.size() && !token.cancelled(); i++) {
      part.clear().limit((int) Math.min(contents.partBytes(), end() - good));
      if (length - good < part.limit()) {
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

  /** Cuts a write to its good bytes, and not past the point. */
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
