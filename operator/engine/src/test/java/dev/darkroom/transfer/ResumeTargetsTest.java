package dev.darkroom.transfer;

import static dev.darkroom.transfer.Requests.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.transfer.model.TransferRequest;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Resumptions into targets whose writes can't be read back, or can't be resumed. */
class ResumeTargetsTest extends ResumeScenario {

  ResumeTargetsTest() {
    super(BYTES);
  }

  @Test
  void aTargetThatCannotBeReadBackIsFilledFromTheStagingDirectory() throws IOException {
    MemoryStore parts = new MemoryStore().resumingPartsOf(3 * PART);
    TransferRequest request = Requests.from(source).to(parts).build();
    failAfterMostBytes(request);
    assertThat(parts.suspended()).hasSize(1);

    stored(request);

    assertThat(source.takeBytesRead()).isEqualTo(BYTES.length - 25 * PART);
    assertThat(parts.content(KEY)).isEqualTo(BYTES);
    assertThat(parts.suspended()).isEmpty();
    assertNothingLeft();
  }

  @Test
  void aTargetThatCannotBeResumedIsFilledFromOneThatCan() throws IOException {
    MemoryStore forgetful = new MemoryStore();
    MemoryStore parts = new MemoryStore().resumingPartsOf(3 * PART);
    TransferRequest request = Requests.from(source).to(store, forgetful, parts).build();
    failAfterMostBytes(request);

    stored(request);

    assertThat(source.takeBytesRead()).isEqualTo(BYTES.length - 25 * PART);
    assertThat(forgetful.content(KEY)).isEqualTo(BYTES);
    assertThat(parts.content(KEY)).isEqualTo(BYTES);
    assertStored(store);
  }

  @Test
  void cutsATargetThatIsPastTheGoodBytes() throws IOException {
    MemoryStore parts = new MemoryStore().resumingPartsOf(3 * PART);
    TransferRequest request = Requests.from(source).to(store, parts).build();
    failAfterMostBytes(request);
    flip(partial("store"), 4 * PART);

    stored(request);

    assertThat(source.takeBytesRead()).isEqualTo(BYTES.length - 4 * PART);
    assertThat(parts.content(KEY)).isEqualTo(BYTES);
    assertStored(store);
  }
}
