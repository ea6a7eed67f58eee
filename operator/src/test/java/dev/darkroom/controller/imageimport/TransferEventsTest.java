package dev.darkroom.controller.imageimport;

import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransferEventsTest {

  private static final ResourceID UBUNTU = new ResourceID("ubuntu", "lab");
  private static final ResourceID FEDORA = new ResourceID("fedora", "lab");

  private final TransferEvents wakes = new TransferEvents();
  private final List<ResourceID> woken = new ArrayList<>();

  @Test
  void anEventReachesOnlyTheImportOfItsTransfer() {
    wakes.deliverTo(woken::add);
    wakes.expect("t1", UBUNTU);
    wakes.expect("t2", FEDORA);

    wakes.wake("t2");
    wakes.wake("t2");

    assertThat(woken).containsExactly(FEDORA, FEDORA);
  }

  @Test
  void anEventOfAnUnknownTransferIsDropped() {
    wakes.deliverTo(woken::add);
    wakes.expect("t1", UBUNTU);
    wakes.forget("t1");

    wakes.wake("t1");
    wakes.wake("never heard of");

    assertThat(woken).isEmpty();
  }

  @Test
  void anEventWithoutAReceiverIsDropped() {
    wakes.expect("t1", UBUNTU);
    wakes.wake("t1");

    wakes.deliverTo(woken::add);
    wakes.wake("t1");

    assertThat(woken).containsExactly(UBUNTU);
  }
}
