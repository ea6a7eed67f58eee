package dev.darkroom.controller.image;

import static dev.darkroom.controller.Fixtures.image;
import static dev.darkroom.controller.Fixtures.open;
import static dev.darkroom.controller.Fixtures.withBytes;
import static dev.darkroom.controller.Fixtures.withStatus;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.darkroom.api.CopyState;
import dev.darkroom.api.Image;
import dev.darkroom.api.StoreCopy;
import dev.darkroom.controller.store.CopyFinding;
import dev.darkroom.controller.store.CopyKey;
import dev.darkroom.controller.support.OperatorSettings;
import dev.darkroom.controller.support.OperatorSettingsBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A corrupt copy beside one that was verified some time ago. */
@Timeout(60)
class BadCopyTest {

  private static final byte[] BYTES = "bytes of a disk".getBytes(UTF_8);
  private static final String A_MONTH_AGO = "2026-10-23T10:00:00Z";

  @TempDir private Path directory;
  private final CopyFixture place =
      CopyFixture.with(
          OperatorSettingsBuilder.builder(OperatorSettings.defaults())
              .scrubInterval(Duration.ofDays(60))
              .build());
  private final Replication replication = place.replication();
  private final ScrubSchedule scrub = place.scrub();

  @BeforeEach
  void twoStores() throws IOException {
    for (String name : List.of("good", "bad")) {
      place.stores().put(open(name, Files.createDirectory(directory.resolve(name))));
    }
  }

  @AfterEach
  void close() {
    scrub.close();
    place.close();
  }

  @Test
  void aCorruptCopyIsKeptUntilTheOtherIsScrubbed() throws Exception {
    Image ubuntu = ubuntu(A_MONTH_AGO);

    Replicas copies = replication.goOn(ubuntu, List.of());

    assertThat(copies.isCorrupt("bad")).isTrue();
    assertThat(scrub.goOn(ubuntu)).isPositive();
    await().until(() -> findings(ubuntu).get("good") instanceof CopyFinding.Sound);
    assertThat(findings(ubuntu)).containsOnlyKeys("good");
    assertThat(copy("bad", ubuntu)).exists();
  }

  @Test
  void aCorruptCopyIsDeletedOnceTheOtherIsScrubbed() throws Exception {
    Image ubuntu = ubuntu(place.clock().instant().minus(ScrubSchedule.PROOF).toString());

    await().until(() -> !replication.goOn(ubuntu, List.of()).isCorrupt("bad"));

    assertThat(copy("bad", ubuntu)).doesNotExist();
    assertThat(copy("good", ubuntu)).exists();
  }

  @Test
  void aCorruptCopyIsKeptWhenTheOtherIsCorruptToo() throws Exception {
    Image ubuntu = ubuntu(A_MONTH_AGO);
    Path good = copy("good", ubuntu);
    assertThat(good.toFile().setWritable(true)).isTrue();
    Files.write(good, "bytes of a DISK".getBytes(UTF_8));

    assertThat(scrub.goOn(ubuntu)).isPositive();
    await().until(() -> findings(ubuntu).get("good") instanceof CopyFinding.Corrupt);
    Replicas copies = replication.goOn(ubuntu, List.of());

    assertThat(copies.good()).isZero();
    assertThat(copy("bad", ubuntu)).exists();
    assertThat(good).exists();
  }

  /** An image with a copy in both stores; the good copy was verified at that time. */
  private Image ubuntu(String readAt) throws IOException {
    Image ubuntu = withBytes(image("ubuntu", spec -> spec.stores(List.of("good", "bad"))));
    place.publish("good", ubuntu, BYTES);
    place.publish("bad", ubuntu, "bites of a disk".getBytes(UTF_8));
    return withStatus(
        ubuntu,
        status ->
            status
                .digest("sha256:" + sha256())
                .size((long) BYTES.length)
                .stores(
                    List.of(
                        new StoreCopy(
                            "good", CopyState.AVAILABLE, (long) BYTES.length, readAt, null),
                        new StoreCopy("bad", CopyState.CORRUPT, null, null, "It is another."))));
  }

  private Map<String, CopyFinding> findings(Image image) {
    return place.findings().of(image.getMetadata().getUid());
  }

  private Path copy(String store, Image image) {
    return directory.resolve(store).resolve(CopyKey.of(image).value()).resolve("disk");
  }

  private static String sha256() {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
