package dev.darkroom.controller.store;

import static dev.darkroom.controller.Fixtures.image;
import static dev.darkroom.controller.Fixtures.store;

import dev.darkroom.api.ImageStore;
import dev.darkroom.controller.MessageTable;
import dev.darkroom.controller.TestClock;
import dev.darkroom.store.Headroom;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The condition messages of an ImageStore, in {@code messages/imagestore.txt}. */
class StoreMessagesTest {

  private static final Optional<StoreProbes.Result> NEVER = Optional.empty();

  private final TestClock clock = new TestClock("2026-11-22T10:00:00Z");
  private final ImageStore store = store("fast", Path.of("/srv/fast"));
  private final MessageTable table = new MessageTable();

  @Test
  void theMessagesAreThoseOfTheTable() throws IOException {
    add("no probe has ended", NEVER);
    add("the probe succeeded", Optional.of(probed(Optional.empty())));
    add(
        "the probe failed",
        Optional.of(
            probed(Optional.of(Failure.of(Reason.STORE_FULL, "Store fast: no space left.")))));
    add("the only default store", NEVER, "fast");
    add("the oldest of three default stores", NEVER, "fast", "cold", "late");
    add("a younger default store", NEVER, "cold", "fast");
    table.add(
        "a deletion waits for images",
        StoreStatusCalculator.inUse(
                store, IntStream.range(0, 7).mapToObj(i -> image("disk-" + i)).toList(), clock)
            .conditions());

    table.check("imagestore");
  }

  private void add(String example, Optional<StoreProbes.Result> probe, String... marked) {
    table.add(
        example, StoreStatusCalculator.of(store, probe, List.of(marked), 0, 0, clock).conditions());
  }

  private static StoreProbes.Result probed(Optional<Failure> trouble) {
    return new StoreProbes.Result(Optional.empty(), new Headroom(OptionalLong.empty()), trouble);
  }
}
