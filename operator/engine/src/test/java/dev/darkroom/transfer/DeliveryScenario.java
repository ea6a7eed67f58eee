package dev.darkroom.transfer;

import static dev.darkroom.transfer.Requests.KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.darkroom.convert.TargetFormat;
import dev.darkroom.format.DiskFormat;
import dev.darkroom.source.Source;
import dev.darkroom.store.Blob;
import dev.darkroom.store.filesystem.FilesystemStore;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Decompress;
import dev.darkroom.transfer.model.DeliveryTerms;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Progress;
import dev.darkroom.transfer.model.Target;
import dev.darkroom.transfer.model.TransferObserver;
import dev.darkroom.transfer.model.TransferOptions;
import dev.darkroom.transfer.model.TransferRequest;
import dev.darkroom.transfer.model.TransferRequestBuilder;
import dev.darkroom.transfer.model.TransferStatus;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The fixture of transfers whose stored bytes differ from the delivered ones: two directories. */
abstract class DeliveryScenario {

  static final byte[] DISK = Requests.bytes(3_000_011);
  static final Checksum OF_DISK = Requests.digest(Checksum.Algorithm.SHA256, DISK);

  @TempDir Path directory;
  final List<Progress.Stage> stages = Collections.synchronizedList(new ArrayList<>());
  final List<Progress> progress = Collections.synchronizedList(new ArrayList<>());
  Path staging;
  FilesystemStore one;
  FilesystemStore two;
  Transfers transfers;

  @BeforeEach
  void start() throws IOException {
    staging = Files.createDirectory(directory.resolve("staging"));
    one = FilesystemStore.open(Files.createDirectory(directory.resolve("one")));
    two = FilesystemStore.open(Files.createDirectory(directory.resolve("two")));
    transfers = transfers(TransferFixture.small().staging(Optional.of(staging)).build());
  }

  @AfterEach
  void stop() throws Exception {
    assertThat(transfers.close(Duration.ofSeconds(20))).isTrue();
    one.close();
    two.close();
  }

  Transfers transfers(TransferOptions options) {
    return new Transfers(
        options,
        id -> transfers.status(id).map(TransferStatus::progress).ifPresent(progress::add),
        TransferObserver.ofStages((id, stage) -> stages.add(stage)));
  }

  TransferRequestBuilder from(byte[] bytes) {
    return from(new BytesSource(bytes));
  }

  TransferRequestBuilder from(Source source) {
    return TransferRequest.of(
            source, List.of(new Target("one", one, KEY), new Target("two", two, KEY)))
        .declaredFormat(Optional.of(DiskFormat.RAW));
  }

  static DeliveryTerms to(TargetFormat format) {
    return new DeliveryTerms(Optional.empty(), Decompress.AUTO, Optional.of(format));
  }

  Outcome outcome(TransferRequestBuilder request) {
    stages.clear();
    progress.clear();
    transfers.submit("delivery", request.build(), Map.of());
    return await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> transfers.status("delivery").flatMap(TransferStatus::outcome),
            Optional::isPresent)
        .orElseThrow();
  }

  Outcome.Stored stored(TransferRequestBuilder request) {
    Outcome outcome = outcome(request);
    assertThat(outcome).isInstanceOf(Outcome.Stored.class);
    return (Outcome.Stored) outcome;
  }

  Failure failure(TransferRequestBuilder request) {
    return TransferFixture.failureOf(outcome(request));
  }

  static byte[] content(FilesystemStore store) throws IOException {
    Blob blob = store.stat(KEY).orElseThrow();
    return Channels.newInputStream(store.read(KEY, 0, blob.size())).readAllBytes();
  }

  void assertNothingLeft() throws IOException {
    for (FilesystemStore store : Arrays.asList(one, two)) {
      assertThat(store.stat(KEY)).isEmpty();
      assertThat(store.sweep()).as("unfinished writes").isZero();
    }
    Path converting = staging.resolve("converting");
    assertThat(Files.notExists(converting) || converting.toFile().list().length == 0).isTrue();
  }
}
