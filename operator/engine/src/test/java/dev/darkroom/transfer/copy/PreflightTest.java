package dev.darkroom.transfer.copy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.format.DiskFormat;
import dev.darkroom.format.Qcow2Image;
import dev.darkroom.transfer.BytesSource;
import dev.darkroom.transfer.MemoryStore;
import dev.darkroom.transfer.Requests;
import dev.darkroom.transfer.TransferFixture;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.Target;
import dev.darkroom.transfer.model.TransferRequest;
import dev.darkroom.transfer.model.TransferRequestBuilder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Checks that fail before the first write. */
@Timeout(60)
class PreflightTest {

  private static final int SIZE = 8 << 20;

  private final TransferFixture fixture = new TransferFixture();
  private final MemoryStore store = new MemoryStore();
  private final AtomicInteger opened = new AtomicInteger();

  @BeforeEach
  void count() {
    store.on(MemoryStore.Operation.OPEN, opened::incrementAndGet);
  }

  @AfterEach
  void close() {
    fixture.close();
    assertThat(opened).hasValue(0);
    assertThat(store.isEmpty()).isTrue();
  }

  @Test
  void refusesAnUnsafeHeader() {
    BytesSource source =
        new BytesSource(Requests.qcow2WithBackingFile(SIZE)).readingAtMost(16 << 10);

    Failure failure =
        fixture.failure(Requests.from(source).to(store).declared(Optional.empty()).build());

    assertThat(failure.reason()).isEqualTo(Reason.UNSAFE_IMAGE);
    assertThat(source.bytesRead()).isLessThanOrEqualTo(64 << 10);
  }

  @Test
  void refusesAnotherFormatThanTheDeclaredOne() {
    BytesSource source = new BytesSource(Qcow2Image.v3(1 << 30).bytes());

    Failure failure =
        fixture.failure(
            Requests.from(source).to(store).declared(Optional.of(DiskFormat.VMDK)).build());

    assertThat(failure.reason()).isEqualTo(Reason.FORMAT_MISMATCH);
  }

  @Test
  void refusesADiskThatIsTooLarge() {
    TransferRequest request =
        TransferRequestBuilder.builder(
                Requests.from(new BytesSource(Qcow2Image.v3(2L << 30).bytes()))
                    .to(store)
                    .declared(Optional.empty())
                    .build())
            .maxVirtualSize(OptionalLong.of(1L << 30))
            .build();

    Failure failure = fixture.failure(request);

    assertThat(failure.reason()).isEqualTo(Reason.VIRTUAL_SIZE_TOO_LARGE);
    assertThat(failure.message()).contains("2147483648", "1073741824");
  }

  @Test
  void refusesBytesThatTooFewStoresHaveCapacityFor() {
    store.withRoomFor(SIZE - 1);
    BytesSource source = new BytesSource(Requests.bytes(SIZE));
    TransferRequest request =
        TransferRequest.of(
                source,
                List.of(
                    new Target("small", store, Requests.KEY),
                    new Target("smaller", new MemoryStore().withRoomFor(5), Requests.KEY)))
            .minCopies(1)
            .declaredFormat(Optional.of(DiskFormat.RAW))
            .build();

    Failure failure = fixture.failure(request);

    assertThat(failure.reason()).isEqualTo(Reason.STORE_FULL);
    assertThat(source.bytesRead()).isZero();
  }
}
