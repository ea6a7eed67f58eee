package dev.darkroom.e2e.scenario.imports;

import static dev.darkroom.e2e.scenario.ConditionPredicates.message;
import static dev.darkroom.e2e.scenario.ConditionPredicates.reconciling;
import static dev.darkroom.e2e.scenario.ConditionPredicates.stalled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.DiskFormatName;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImagePhase;
import dev.darkroom.api.ImageSource;
import dev.darkroom.api.ImageSpec;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.ImportPhase;
import dev.darkroom.api.WebSourceSpec;
import dev.darkroom.controller.support.OperatorSettings;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.ImportScenario;
import dev.darkroom.e2e.scenario.SteppedResponse;
import dev.darkroom.e2e.scenario.StoreDirectory;
import dev.darkroom.e2e.scenario.WebResponses;
import dev.darkroom.format.Qcow2Image;
import dev.darkroom.testing.FaultyServer.Script;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Invalid sources: condition and Event have the reason, and the store stays empty. */
class BadSourceTest extends ImportScenario {

  private static final String BAD = "/bad";

  @Test
  void notFoundIsRefused() throws IOException {
    assertRefused(WebResponses.status(404), "SourceNotFound", "404");
  }

  @Test
  void forbiddenIsRefused() throws IOException {
    assertRefused(WebResponses.status(403), "SourceForbidden", "403");
  }

  @Test
  void serverErrorIsRetried() throws IOException {
    assertRetriedThenGivenUp(WebResponses.status(500), "SourceUnavailable", "500");
  }

  @Test
  void shortBodyIsRetried() throws IOException {
    assertRetriedThenGivenUp(
        WebResponses.shorterThanAnnounced(Disk.qcow2()), "SourceTruncated", "262,144 of 263,144");
  }

  @Test
  void longBodyIsRefused() throws IOException {
    assertRefused(WebResponses.longerThanAnnounced(Disk.qcow2()), "SizeMismatch", "261,144");
  }

  @Test
  void resetConnectionIsRetried() throws IOException {
    assertRetriedThenGivenUp(WebResponses.deadMidway(Disk.qcow2()), "SourceTruncated", "");
  }

  @Test
  void refusedConnectionIsRetried() throws IOException {
    StoreDirectory store = defaultStore();
    String nowhere = web.url("/disk");
    web.close();

    tenant.createImage("bad", ImageSpecBuilder.builder().source(at(nowhere)).build());

    tenant.await(Image.class, "bad", reconciling("SourceUnavailable"));
    assertThat(tenant.awaitEvent("bad", "SourceUnavailable")).contains("127.0.0.1");
    assertThat(store.content()).isEmpty();
  }

  @Test
  void blockedAddressIsRefused() throws IOException {
    stopOperator();
    startOperator(OperatorSettings.defaults());
    StoreDirectory store = defaultStore();
    web.on(BAD, WebResponses.bytes(Disk.qcow2()));

    tenant.createImage("bad", from(BAD).build());

    Image image = tenant.await(Image.class, "bad", stalled("SourceBlocked"));
    assertThat(message(image)).contains("127.0.0.1");
    assertThat(tenant.awaitEvent("bad", "SourceBlocked")).isEqualTo(message(image));
    assertThat(store.content()).isEmpty();
    assertThat(web.requests()).isEmpty();
  }

  @Test
  void checksumMismatchNamesBothChecksums() throws IOException {
    Disk disk = Disk.qcow2();
    String other = Disk.qcow2(1).checksum();

    String message =
        assertRefused(
            WebResponses.bytes(disk),
            "ChecksumMismatch",
            ImageSpecBuilder.builder().checksum(other).build());

    assertThat(message).as("both checksums").contains(other).contains(disk.checksum());
  }

  @Test
  void checksumMismatchOfAnotherAlgorithm() throws IOException {
    Disk disk = Disk.qcow2();
    String other = Disk.qcow2(1).checksum("MD5");

    String message =
        assertRefused(
            WebResponses.bytes(disk),
            "ChecksumMismatch",
            ImageSpecBuilder.builder().checksum(other).build());

    assertThat(message).contains(other).contains(disk.checksum("MD5"));
  }

  @Test
  void htmlPageIsRefused() throws IOException {
    assertRefused(WebResponses.loginPage(), "UnknownFormat", "HTML");
  }

  @Test
  void unknownFormatIsRefused() throws IOException {
    assertRefused(WebResponses.bytes(Disk.raw(100_000)), "UnknownFormat", "raw");
  }

  @Test
  void emptyBodyIsRefused() throws IOException {
    assertRefused(WebResponses.bytes(Disk.of(new byte[0])), "SizeMismatch", "0 bytes");
  }

  @Test
  void emptyRawDiskIsRefused() throws IOException {
    assertRefused(
        exchange -> exchange.head(200, WebResponses.OCTETS, "Connection: close"),
        "SizeMismatch",
        ImageSpecBuilder.builder().diskFormat(DiskFormatName.RAW).build());
  }

  @Test
  void declaredFormatMustMatch() throws IOException {
    String message =
        assertRefused(
            WebResponses.bytes(Disk.qcow2()),
            "FormatMismatch",
            ImageSpecBuilder.builder().diskFormat(DiskFormatName.VMDK).build());

    assertThat(message).contains("vmdk").contains("qcow2");
  }

  @Test
  void unknownFormatDoesNotMatchTheDeclaredFormat() throws IOException {
    assertRefused(
        WebResponses.bytes(Disk.raw(100_000)),
        "UnknownFormat",
        ImageSpecBuilder.builder().diskFormat(DiskFormatName.QCOW2).build());
  }

  @Test
  void qcow2WithBackingFileIsUnsafe() throws IOException {
    assertUnsafe(Qcow2Image.v3(1 << 30).backingFile("/etc/shadow").bytes(), "backing file");
  }

  @Test
  void qcow2WithDataFileIsUnsafe() throws IOException {
    assertUnsafe(Qcow2Image.v3(1 << 30).dataFile("/etc/shadow").bytes(), "data file");
  }

  @Test
  void qcow2WithUnknownIncompatibleFeatureIsUnsafe() throws IOException {
    assertUnsafe(Qcow2Image.v3(1 << 30).incompatibleFeatures(1L << 20).bytes(), "feature");
  }

  @Test
  void vmdkDescriptorFileIsUnsafe() throws IOException {
    assertUnsafe(descriptor("RW 2048 FLAT \"/etc/shadow\" 0"), "other files");
  }

  @Test
  void vmdkWithExternalExtentIsUnsafe() throws IOException {
    assertUnsafe(vmdk(descriptor("RW 2048 SPARSE \"a.vmdk\"\nRW 2048 FLAT \"/dev/sda\" 0")), "");
  }

  @Test
  void unsafeHeaderStopsTheDownload() throws IOException {
    // given a source that stalls after the first half
    SteppedResponse response =
        new SteppedResponse(Disk.of(Qcow2Image.v3(1 << 30).backingFile("/etc/shadow").bytes()));

    assertRefused(response, "UnsafeImage", "backing file");
  }

  @Test
  void invalidUrlIsRefused() throws IOException {
    StoreDirectory store = defaultStore();

    tenant.createImage(
        "bad", ImageSpecBuilder.builder().source(at("http://127.0.0.1:99999/disk")).build());

    Image image = tenant.await(Image.class, "bad", stalled("InvalidSource"));
    assertThat(message(image)).contains("port");
    assertThat(tenant.awaitEvent("bad", "InvalidSource")).isEqualTo(message(image));
    assertThat(store.content()).isEmpty();
  }

  private void assertUnsafe(byte[] bytes, String expected) throws IOException {
    assertRefused(WebResponses.bytes(Disk.of(bytes)), "UnsafeImage", expected);
  }

  private void assertRefused(Script answer, String reason, String expected) throws IOException {
    assertThat(assertRefused(answer, reason, ImageSpecBuilder.builder().build()))
        .contains(expected);
  }

  /**
   * Imports from this response; expects a stall with this reason at the first attempt; returns the
   * message.
   */
  private String assertRefused(Script answer, String reason, ImageSpec spec) throws IOException {
    StoreDirectory store = defaultStore();
    web.on(BAD, answer);

    tenant.createImage("bad", ImageSpecBuilder.builder(spec).source(source(BAD)).build());

    Image image = tenant.await(Image.class, "bad", stalled(reason));
    assertThat(store.content()).as("content of the store").isEmpty();
    assertThat(tenant.awaitEvent("bad", reason)).isEqualTo(message(image));
    assertThat(tenant.events("bad")).anyMatch(line -> line.startsWith("Warning " + reason));
    assertThat(image.getStatus().phase()).isEqualTo(ImagePhase.FAILED);
    assertThat(image.getStatus().progress()).isEqualTo(reason);
    assertThat(image.getStatus().digest()).isNull();
    String name = image.getStatus().importRef().name();
    ImageImport imageImport = tenant.await(ImageImport.class, name, stalled(reason));
    assertThat(imageImport.getStatus().phase()).isEqualTo(ImportPhase.FAILED);
    assertThat(imageImport.getStatus().attempts())
        .as("attempts after a permanent error")
        .isEqualTo(1);
    assertThat(tenant.awaitEvent(name, reason)).isEqualTo(message(imageImport));
    assertThat(web.requests()).hasSize(1);
    return message(image);
  }

  /** Imports from this response; expects a retry with this reason, then BackoffLimitExceeded. */
  private void assertRetriedThenGivenUp(Script answer, String reason, String expected)
      throws IOException {
    StoreDirectory store = defaultStore();
    web.on(BAD, answer);
    tenant.createImage("bad", ImageSpecBuilder.builder().build());

    tenant.createImport("attempt", importOf("bad", BAD).backoffLimit(1).build());

    Image image = tenant.await(Image.class, "bad", reconciling(reason));
    assertThat(message(image)).contains(expected).contains("1 of 2");
    assertThat(tenant.awaitEvent("bad", reason)).contains(expected);
    assertThat(tenant.awaitEvent("attempt", reason)).contains(expected);
    ImageImport imageImport =
        tenant.await(ImageImport.class, "attempt", stalled("BackoffLimitExceeded"));
    assertThat(message(imageImport)).contains(reason).contains(expected).contains("2 attempts");
    assertThat(store.content()).as("content of the store").isEmpty();
    assertThat(imageImport.getStatus().attempts()).isEqualTo(2);
    assertThat(web.requests()).hasSize(2);
    tenant.await(Image.class, "bad", stalled("BackoffLimitExceeded"));
    assertThat(tenant.awaitEvent("bad", "BackoffLimitExceeded")).isEqualTo(message(imageImport));
  }

  private static ImageSource at(String url) {
    return ImageSource.of(WebSourceSpec.of(url));
  }

  private static byte[] descriptor(String extents) {
    return """
    # Disk DescriptorFile
    version=1
    CID=731b2901
    parentCID=ffffffff
    createType="monolithicFlat"

    # Extent description
    %s

    # The Disk Data Base
    #DDB
    ddb.adapterType = "ide"
    """
        .formatted(extents)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** A sparse VMDK of 1 MiB with this descriptor. */
  private static byte[] vmdk(byte[] descriptor) {
    ByteBuffer bytes = ByteBuffer.allocate(64 << 10).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put("KDMV".getBytes(StandardCharsets.US_ASCII)).putInt(1).putInt(3);
    bytes.putLong(2048).putLong(128).putLong(1).putLong(20).putInt(512);
    bytes.putLong(21).putLong(26).putLong(128).put((byte) 0);
    bytes.put("\n \r\n".getBytes(StandardCharsets.US_ASCII));
    bytes.position(512).put(descriptor);
    return bytes.array();
  }
}
