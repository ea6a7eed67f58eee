package dev.darkroom.controller.imageimport;

import static dev.darkroom.controller.Fixtures.NAMESPACE;
import static dev.darkroom.controller.Fixtures.SHA256;
import static dev.darkroom.controller.Fixtures.image;
import static dev.darkroom.controller.Fixtures.job;
import static dev.darkroom.controller.Fixtures.ownedBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.CopySourceSpec;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageReference;
import dev.darkroom.controller.TestClock;
import dev.darkroom.controller.store.CopyFinding;
import dev.darkroom.controller.store.CopyFindings;
import dev.darkroom.format.DiskFormat;
import dev.darkroom.store.Blob;
import dev.darkroom.store.BlobKey;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.CopyHealth;
import dev.darkroom.transfer.model.Facts;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Progress;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.TransferStatus;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class TransferFindingsTest {

  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final Failure AWAY = Failure.of(Reason.STORE_UNAVAILABLE, "Store cold: away.");

  private final Image fedora = image("fedora");
  private final CopyFindings findings = new CopyFindings();
  private final List<ResourceID> woken = new ArrayList<>();
  private final TransferFindings ends =
      new TransferFindings(
          findings,
          new TestClock("2026-11-22T10:00:00.789Z"),
          id -> Optional.of(fedora).filter(image -> ResourceID.fromResource(image).equals(id)));

  TransferFindingsTest() {
    findings.deliverTo(woken::add);
  }

  @Test
  void corruptAndMissingSourceCopiesAreReported() {
    ends.report(
        ownCopyOf("fedora"),
        ended(
            stored("new"),
            Map.of(
                "rotten", new CopyHealth.Corrupt("it has other bytes."),
                "gone", new CopyHealth.Missing(),
                "away", new CopyHealth.Unreadable(AWAY),
                "good", new CopyHealth.Good())));

    assertThat(told())
        .containsOnly(
            Map.entry("rotten", new CopyFinding.Corrupt("it has other bytes.")),
            Map.entry("gone", new CopyFinding.Missing()));
    assertThat(woken).containsOnly(new ResourceID("fedora", NAMESPACE));
  }

  @Test
  void sourceCopiesOfAFailedTransferAreReportedToo() {
    ends.report(
        ownCopyOf("fedora"),
        ended(new Outcome.Failed(AWAY), Map.of("gone", new CopyHealth.Missing())));

    assertThat(told()).containsOnly(Map.entry("gone", new CopyFinding.Missing()));
  }

  @Test
  void theSourceImageIsReportedAndNotTheNewOne() {
    ImageImport other =
        job("fork-1", "fork", spec -> spec.web(null).image(ImageReference.of("fedora")));

    ends.report(other, ended(stored("new"), Map.of("gone", new CopyHealth.Missing())));

    assertThat(told()).containsOnly(Map.entry("gone", new CopyFinding.Missing()));
  }

  @Test
  void copiesOfAnImportByAUserAreReported() {
    ends.report(copyOf("fedora"), ended(stored("new"), Map.of()));

    assertThat(told()).containsOnly(Map.entry("new", new CopyFinding.Made(NOW, 4096)));
  }

  @Test
  void copiesOfAnOwnImportAreNotReported() {
    ends.report(ownCopyOf("fedora"), ended(stored("new"), Map.of()));

    assertThat(told()).isEmpty();
  }

  @Test
  void anImportFromAUrlReportsNoSourceCopies() {
    ends.report(job("fedora-1", "fedora"), ended(stored("new"), Map.of()));

    assertThat(told()).isEmpty();
  }

  @Test
  void aDeletedImageGetsNoReport() {
    ends.report(copyOf("other"), ended(stored("new"), Map.of("gone", new CopyHealth.Missing())));

    assertThat(woken).isEmpty();
  }

  private Map<String, CopyFinding> told() {
    return findings.of(fedora.getMetadata().getUid());
  }

  private static ImageImport copyOf(String image) {
    return job(image + "-copy", image, spec -> spec.web(null).copy(new CopySourceSpec()));
  }

  private ImageImport ownCopyOf(String image) {
    return ownedBy(fedora, copyOf(image));
  }

  private static Outcome stored(String store) {
    return new Outcome.Stored(
        Facts.of(
            Map.of(Checksum.Algorithm.SHA256, Checksum.parse(SHA256).orElseThrow().hex()),
            4096,
            DiskFormat.RAW,
            OptionalLong.empty()),
        Map.of(store, new Blob(BlobKey.of("lab", "fedora"), 4096, Map.of(), Instant.EPOCH)),
        Map.of());
  }

  private static TransferStatus ended(Outcome outcome, Map<String, CopyHealth> sources) {
    Progress progress =
        new Progress(
            Progress.Stage.PUBLISHING, 0, OptionalLong.empty(), 0, Instant.EPOCH, Optional.empty());
    return new TransferStatus(progress, Optional.empty(), sources, Optional.of(outcome));
  }
}
