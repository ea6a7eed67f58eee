package dev.darkroom.transfer.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.transfer.BytesSource;
import dev.darkroom.transfer.MemoryStore;
import dev.darkroom.transfer.Requests;
import dev.darkroom.transfer.TransferFixture;
import dev.darkroom.transfer.model.Outcome;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ThrottleTest {

  private static final long SECOND = 1_000_000_000L;

  private final AtomicLong now = new AtomicLong(5 * SECOND);
  private final Throttle throttle = new Throttle(OptionalLong.of(1000), now::get);

  @Test
  void savesBandwidthForASecondAndThenKeepsTheRate() {
    assertThat(throttle.due(1000) - now.get()).isZero();
    assertThat(throttle.due(500) - now.get()).isEqualTo(SECOND / 2);
    assertThat(throttle.due(500) - now.get()).isEqualTo(SECOND);
  }

  @Test
  void savesOneSecondAtMost() {
    throttle.due(1000);
    now.addAndGet(3600 * SECOND);

    assertThat(throttle.due(1000) - now.get()).isZero();
    assertThat(throttle.due(1000) - now.get()).isEqualTo(SECOND);
  }

  @Test
  void limitsAllTransfersTogether() {
    byte[] bytes = Requests.bytes(400_000);
    try (TransferFixture fixture =
        new TransferFixture(
            TransferFixture.small().bytesPerSecond(OptionalLong.of(500_000)).build(), id -> {})) {
      long start = System.nanoTime();
      String first =
          fixture.submit(Requests.from(new BytesSource(bytes)).to(new MemoryStore()).build());
      String second =
          fixture.submit(Requests.from(new BytesSource(bytes)).to(new MemoryStore()).build());

      assertThat(fixture.outcome(first)).isInstanceOf(Outcome.Stored.class);
      assertThat(fixture.outcome(second)).isInstanceOf(Outcome.Stored.class);
      // 800,000 bytes minus the saved bandwidth of a second.
      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(SECOND * 6 / 10);
    }
  }
}
