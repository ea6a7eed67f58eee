package dev.darkroom.format;

import static dev.darkroom.format.DiskImages.MIB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Chunks, early refusals and previews, for images of all formats. */
class InspectorTest {

  private static List<byte[]> imagesOfAllKinds() {
    List<byte[]> images = new ArrayList<>();
    images.add(Qcow2Image.v3(MIB).bytes());
    images.add(Qcow2Image.v3(MIB).backingFile("base").bytes());
    images.add(DiskImages.vmdk().bytes());
    images.add(DiskImages.vmdkOfLongDescriptor("#\n".repeat(100_000)).bytes());
    images.add(DiskImages.streamOptimizedVmdk().bytes());
    images.add(DiskImages.vdi().bytes());
    images.add(DiskImages.dynamicVhd().bytes());
    images.add(DiskImages.fixedVhd(DiskImages.mbr().bytes()).bytes());
    images.add(VhdxImages.vhdx().bytes());
    images.add(VhdxImages.vhdx().u32le(3 * MIB + (64 << 10) + 4, 2).bytes());
    images.add(VhdxImages.vhdx().cutTo(3 * MIB + 7).bytes());
    images.add(DiskImages.iso().bytes());
    images.add(DiskImages.gpt().bytes());
    images.add(DiskImages.luks1().bytes());
    images.add(DiskImages.luks2().bytes());
    images.add(DiskImages.luks2WithSecondHeader("{").bytes());
    images.add(DiskImages.ploop().bytes());
    images.add(new byte[1]);
    return images;
  }

  @Test
  void theVerdictDoesNotDependOnTheChunks() {
    Random random = new Random(11);
    for (byte[] image : imagesOfAllKinds()) {
      Verdict whole = Verdicts.inspect(Optional.empty(), image, image.length);
      for (int chunk : new int[] {1, 7, 511, 512, 4093, 65536, 65537, 1 << 20}) {
        assertThat(Verdicts.inspect(Optional.empty(), image, chunk))
            .as("chunks of %d", chunk)
            .isEqualTo(whole);
      }
      for (int round = 0; round < 20; round++) {
        Inspector inspector = Inspector.of(Optional.empty());
        for (int at = 0; at < image.length; ) {
          int count = Math.min(random.nextInt(200_000), image.length - at);
          inspector.update(ByteBuffer.wrap(image, at, count));
          at += count;
        }
        assertThat(inspector.finish(image.length)).isEqualTo(whole);
      }
    }
  }

  @Test
  void leavesTheBufferAsItIs() {
    byte[] image = Qcow2Image.v3(MIB).bytes();
    ByteBuffer direct = ByteBuffer.allocateDirect(image.length + 20);
    direct.position(9).put(image).flip().position(9);
    Inspector inspector = Inspector.of(Optional.empty());

    inspector.update(direct);
    inspector.update(ByteBuffer.allocate(0));

    assertThat(direct.position()).isEqualTo(9);
    assertThat(direct.limit()).isEqualTo(9 + image.length);
    Verdicts.accepted(inspector.finish(image.length), DiskFormat.QCOW2, MIB);
  }

  @Test
  void takesReadOnlyBuffers() {
    byte[] image = DiskImages.iso().bytes();
    Inspector inspector = Inspector.of(Optional.empty());

    inspector.update(ByteBuffer.wrap(image).asReadOnlyBuffer());

    Verdicts.accepted(inspector.finish(image.length), DiskFormat.ISO, image.length);
  }

  @Test
  void refusesAsSoonAsTheHeadHasGoneBy() {
    byte[] image = Qcow2Image.v3(MIB).backingFile("/etc/passwd").bytes();
    Inspector inspector = Inspector.of(Optional.empty());

    inspector.update(ByteBuffer.wrap(image, 0, Inspector.HEAD_BYTES - 1));
    assertThat(inspector.early()).isEmpty();
    inspector.update(ByteBuffer.wrap(image, Inspector.HEAD_BYTES - 1, 1));

    Verdict.Refused early = inspector.early().orElseThrow();
    assertThat(early.message()).contains("/etc/passwd");
    assertThat(inspector.preview()).hasValue(early);
    inspector.update(ByteBuffer.wrap(new byte[1000]));
    assertThat(inspector.finish(Inspector.HEAD_BYTES + 1000)).isEqualTo(early);
  }

  @Test
  void refusesAtTheEndOfAWindow() {
    byte[] image = VhdxImages.vhdx().u32le(3 * MIB + (64 << 10) + 4, 2).bytes();
    Inspector inspector = Inspector.of(Optional.empty());

    Verdicts.feed(inspector, Arrays.copyOf(image, 3 * MIB + (64 << 10) + 24), 4096);

    assertThat(inspector.early()).isPresent();
  }

  @Test
  void refusesUnknownBytesAndWrongDeclarationsEarly() {
    byte[] gzip = new ByteBuilder(2 * MIB).u32be(0, 0x1f8b0800).bytes();
    for (Optional<DiskFormat> declared :
        List.of(
            Optional.<DiskFormat>empty(),
            Optional.of(DiskFormat.QCOW2),
            Optional.of(DiskFormat.VHD))) {
      Inspector inspector = Inspector.of(declared);
      inspector.update(ByteBuffer.wrap(gzip, 0, Inspector.HEAD_BYTES));
      assertThat(inspector.early()).as("declared %s", declared).isPresent();
    }
    Inspector raw = Inspector.of(Optional.of(DiskFormat.RAW));
    raw.update(ByteBuffer.wrap(Qcow2Image.v3(MIB).bytes(), 0, Inspector.HEAD_BYTES));
    assertThat(raw.early()).containsInstanceOf(Verdict.Mismatch.class);
  }

  @Test
  void previewsTheVerdictByTheHead() {
    Inspector inspector = Inspector.of(Optional.empty());
    byte[] head = Qcow2Image.v3(5L << 30).bytes();

    inspector.update(ByteBuffer.wrap(head, 0, 1000));
    assertThat(inspector.preview()).isEmpty();
    inspector.update(ByteBuffer.wrap(head, 1000, Inspector.HEAD_BYTES - 1000));

    Verdicts.accepted(inspector.preview().orElseThrow(), DiskFormat.QCOW2, 5L << 30);
    assertThat(inspector.early()).isEmpty();
    assertThat(inspector.finish(Inspector.HEAD_BYTES)).isInstanceOf(Verdict.Truncated.class);
    assertThat(inspector.preview()).containsInstanceOf(Verdict.Truncated.class);
  }

  @Test
  void givesNoVerdictOnBytesItDidNotSee() {
    Inspector inspector = Inspector.of(Optional.of(DiskFormat.RAW));
    inspector.update(ByteBuffer.wrap(new byte[10]));

    assertThatIllegalArgumentException().isThrownBy(() -> inspector.finish(11));
  }

  @Test
  void refusesBytesAfterTheVerdict() {
    Inspector inspector = Inspector.of(Optional.of(DiskFormat.RAW));
    inspector.update(ByteBuffer.wrap(new byte[10]));

    Verdict verdict = inspector.finish(10);

    assertThat(inspector.finish(10)).isSameAs(verdict);
    assertThatIllegalStateException()
        .isThrownBy(() -> inspector.update(ByteBuffer.wrap(new byte[1])));
  }
}
