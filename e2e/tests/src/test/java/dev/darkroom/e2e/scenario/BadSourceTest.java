package dev.darkroom.e2e.scenario;

import static dev.darkroom.e2e.scenario.States.message;
import static dev.darkroom.e2e.scenario.States.reconciling;
import static dev.darkroom.e2e.scenario.States.stalled;
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
import dev.darkroom.format.Qcow2Image;
import dev.darkroom.testing.FaultyServer.Script;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Bad input: the reason is told as condition and Event, and nothing is left in the store. */
class BadSourceTest extends ImportScenario {

  private static final String BAD = "/bad";

  @Test
  void nothingThere() throws IOException {
    refused(Answers.status(404), "SourceNotFound", "404");
  }

  @Test
  void forbidden() throws IOException {
    refused(Answers.status(403), "SourceForbidden", "403");
  }

  @Test
  void serverError() throws IOException {
    givenUp(Answers.status(500), "SourceUnavailable", "500");
  }

  @Test
  void bodyShorterThanAnnounced() throws IOException {
    givenUp(Answers.shorterThanAnnounced(Disk.qcow2()), "SourceTruncated", "262,144 of 263,144");
  }

  @Test
  void bodyLongerThanAnnounced() throws IOException {
    refused(Answers.longerThanAnnounced(Disk.qcow2()), "SizeMismatch", "261,144");
  }

  @Test
  void connectionThatDiesMidway() throws IOException {
    givenUp(Answers.deadMidway(Disk.qcow2()), "SourceTruncated", "");
  }

  @Test
  void nobodyListens() throws IOException {
    StoreDirectory store = defaultStore();
    String nowhere = web.url("/disk");
    web.close();

    tenant.createImage("bad", ImageSpecBuilder.builder().source(at(nowhere)).build());

    tenant.await(Image.class, "bad", reconciling("SourceUnavailable"));
    assertThat(tenant.awaitEvent("bad", "SourceUnavailable")).contains("127.0.0.1");
    assertThat(store.content()).isEmpty();
  }

  @Test
  void anAddressThatThePolicyForbids() throws IOException {
    stopOperator();
    startOperator(OperatorSettings.defaults());
    StoreDirectory store = defaultStore();
    web.on(BAD, Answers.bytes(Disk.qcow2()));

    tenant.createImage("bad", from(BAD).build());

    Image image = tenant.await(Image.class, "bad", stalled("SourceBlocked"));
    assertThat(message(image)).contains("127.0.0.1");
    assertThat(tenant.awaitEvent("bad", "SourceBlocked")).isEqualTo(message(image));
    assertThat(store.content()).isEmpty();
    assertThat(web.requests()).isEmpty();
  }

  @Test
  void wrongChecksum() throws IOException {
    Disk disk = Disk.qcow2();
    String other = Disk.qcow2(1).checksum();

    String sentence =
        refused(
            Answers.bytes(disk),
            "ChecksumMismatch",
            ImageSpecBuilder.builder().checksum(other).build());

    assertThat(sentence).as("both are told").contains(other).contains(disk.checksum());
  }

  @Test
  void wrongChecksumOfAnotherAlgorithm() throws IOException {
    Disk disk = Disk.qcow2();
    String other = Disk.qcow2(1).checksum("MD5");

    String sentence =
        refused(
            Answers.bytes(disk),
            "ChecksumMismatch",
            ImageSpecBuilder.builder().checksum(other).build());

    assertThat(sentence).contains(other).contains(disk.checksum("MD5"));
  }

  @Test
  void pageInPlaceOfAnImage() throws IOException {
    refused(Answers.loginPage(), "UnknownFormat", "HTML");
  }

  @Test
  void bytesThatLookLikeNothing() throws IOException {
    refused(Answers.bytes(Disk.raw(100_000)), "UnknownFormat", "raw");
  }

  @Test
  void noBytes() throws IOException {
    refused(Answers.bytes(Disk.of(new byte[0])), "SizeMismatch", "0 bytes");
  }

  @Test
  void noBytesOfADeclaredRawDisk() throws IOException {
    refused(
        exchange -> exchange.head(200, Answers.OCTETS, "Connection: close"),
        "SizeMismatch",
        ImageSpecBuilder.builder().diskFormat(DiskFormatName.RAW).build());
  }

  @Test
  void anotherFormatThanDeclared() throws IOException {
    String sentence =
        refused(
            Answers.bytes(Disk.qcow2()),
            "FormatMismatch",
            ImageSpecBuilder.builder().diskFormat(DiskFormatName.VMDK).build());

    assertThat(sentence).contains("vmdk").contains("qcow2");
  }

  @Test
  void bytesThatLookLikeNothingWhereAFormatWasDeclared() throws IOException {
    refused(
        Answers.bytes(Disk.raw(100_000)),
        "UnknownFormat",
        ImageSpecBuilder.builder().diskFormat(DiskFormatName.QCOW2).build());
  }

  @Test
  void qcow2WithABackingFile() throws IOException {
    unsafe(Qcow2Image.v3(1 << 30).backingFile("/etc/shadow").bytes(), "backing file");
  }

  @Test
  void qcow2WithAnExternalDataFile() throws IOException {
    unsafe(Qcow2Image.v3(1 << 30).dataFile("/etc/shadow").bytes(), "data file");
  }

  @Test
  void qcow2WithUnknownIncompatibleFeatures() throws IOException {
    unsafe(Qcow2Image.v3(1 << 30).incompatibleFeatures(1L << 20).bytes(), "feature");
  }

  @Test
  void vmdkDescriptorAlone() throws IOException {
    unsafe(descriptor("RW 2048 FLAT \"/etc/shadow\" 0"), "other files");
  }

  @Test
  void vmdkWhoseDescriptorNamesOtherFiles() throws IOException {
    unsafe(vmdk(descriptor("RW 2048 SPARSE \"a.vmdk\"\nRW 2048 FLAT \"/dev/sda\" 0")), "");
  }

  @Test
  void anUnsafeHeaderEndsItBeforeTheRestIsThere() throws IOException {
    // given a source that only ever gives the first half
    Gate gate = new Gate(Disk.of(Qcow2Image.v3(1 << 30).backingFile("/etc/shadow").bytes()));

    refused(gate, "UnsafeImage", "backing file");
  }

  @Test
  void urlThatTheSchemaLetsThrough() throws IOException {
    StoreDirectory store = defaultStore();

    tenant.createImage(
        "bad", ImageSpecBuilder.builder().source(at("http://127.0.0.1:99999/disk")).build());

    Image image = tenant.await(Image.class, "bad", stalled("InvalidSource"));
    assertThat(message(image)).contains("port");
    assertThat(tenant.awaitEvent("bad", "InvalidSource")).isEqualTo(message(image));
    assertThat(store.content()).isEmpty();
  }

  private void unsafe(byte[] bytes, String says) throws IOException {
    refused(Answers.bytes(Disk.of(bytes)), "UnsafeImage", says);
  }

  private void refused(Script answer, String reason, String says) throws IOException {
    assertThat(refused(answer, reason, ImageSpecBuilder.builder().build())).contains(says);
  }

  /** It stops at once and needs a person; gives the sentence. */
  private String refused(Script answer, String reason, ImageSpec spec) throws IOException {
    StoreDirectory store = defaultStore();
    web.on(BAD, answer);

    tenant.createImage("bad", ImageSpecBuilder.builder(spec).source(source(BAD)).build());

    Image image = tenant.await(Image.class, "bad", stalled(reason));
    assertThat(store.content()).as("nothing is left").isEmpty();
    assertThat(tenant.awaitEvent("bad", reason)).isEqualTo(message(image));
    assertThat(tenant.events("bad")).anyMatch(line -> line.startsWith("Warning " + reason));
    assertThat(image.getStatus().phase()).isEqualTo(ImagePhase.FAILED);
    assertThat(image.getStatus().progress()).isEqualTo(reason);
    assertThat(image.getStatus().digest()).isNull();
    String name = image.getStatus().importRef().name();
    ImageImport job = tenant.await(ImageImport.class, name, stalled(reason));
    assertThat(job.getStatus().phase()).isEqualTo(ImportPhase.FAILED);
    assertThat(job.getStatus().attempts()).as("no repetition mends it").isEqualTo(1);
    assertThat(tenant.awaitEvent(name, reason)).isEqualTo(message(job));
    assertThat(web.requests()).hasSize(1);
    return message(image);
  }

  /** It tells what went wrong and tries again, until it has tried often enough. */
  private void givenUp(Script answer, String reason, String says) throws IOException {
    StoreDirectory store = defaultStore();
    web.on(BAD, answer);
    tenant.createImage("bad", ImageSpecBuilder.builder().build());

    tenant.createImport("attempt", importOf("bad", BAD).backoffLimit(1).build());

    Image image = tenant.await(Image.class, "bad", reconciling(reason));
    assertThat(message(image)).contains(says).contains("Attempt 1 of 2 failed");
    assertThat(tenant.awaitEvent("bad", reason)).contains(says);
    assertThat(tenant.awaitEvent("attempt", reason)).contains(says);
    ImageImport job = tenant.await(ImageImport.class, "attempt", stalled("BackoffLimitExceeded"));
    assertThat(message(job)).contains(reason).contains(says).contains("2 attempts");
    assertThat(store.content()).as("nothing is left").isEmpty();
    assertThat(job.getStatus().attempts()).isEqualTo(2);
    assertThat(web.requests()).hasSize(2);
    tenant.await(Image.class, "bad", stalled("BackoffLimitExceeded"));
    assertThat(tenant.awaitEvent("bad", "BackoffLimitExceeded")).isEqualTo(message(job));
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

  /** A sparse VMDK of 1 MiB with that text as its descriptor. */
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
