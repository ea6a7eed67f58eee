package dev.darkroom.source.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Assertions and helpers for bodies of sources. */
public final class Bodies {

  private Bodies() {}

  /** Asserts that a close ends the blocked read of a stalled body. */
  public static void assertCloseEndsABlockedRead(SourceBody body, ExecutorService threads) {
    AtomicReference<Thread> reader = new AtomicReference<>();
    Future<byte[]> reading =
        threads.submit(
            () -> {
              reader.set(Thread.currentThread());
              return readAll(body);
            });

    await().until(() -> isReading(reader.get()));
    body.close();

    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> reading.get(10, TimeUnit.SECONDS))
        .withCauseInstanceOf(SourceException.class)
        .withMessageContaining("closed");
  }

  /** Asserts that the work fails with that kind; returns the failure. */
  public static SourceException assertFails(Kind kind, Callable<?> work) {
    AtomicReference<SourceException> found = new AtomicReference<>();
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(work::call)
        .satisfies(e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind))
        .satisfies(found::set);
    return found.get();
  }

  /** Reads to the end, and once more behind it. */
  public static byte[] readAll(SourceBody body) throws SourceException {
    return readAll(body, ByteBuffer.allocateDirect(64 * 1024));
  }

  public static byte[] readAll(SourceBody body, ByteBuffer buffer) throws SourceException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (body.read(buffer.clear()) >= 0) {
      byte[] part = new byte[buffer.flip().remaining()];
      buffer.get(part);
      all.writeBytes(part);
    }
    assertThat(body.read(buffer.clear())).as("after the end").isEqualTo(-1);
    return all.toByteArray();
  }

  /** Returns so many random bytes, for a size always the same. */
  public static byte[] randomBytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static boolean isReading(Thread thread) {
    return thread != null
        && Arrays.stream(thread.getStackTrace())
            .anyMatch(frame -> frame.getClassName().equals("sun.nio.ch.NioSocketImpl"));
  }
}
