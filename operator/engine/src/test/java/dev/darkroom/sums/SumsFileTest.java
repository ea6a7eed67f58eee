package dev.darkroom.sums;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.darkroom.sums.SumsException.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which digest a sums file has for a file. */
class SumsFileTest {

  private static final String A = "a".repeat(64);
  private static final String B = "B".repeat(64);
  private static final String C = "c".repeat(128);
  private static final String D = "d".repeat(32);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%s  disk.img\n",
        "%s *disk.img\n",
        "%s  disk.img\r\n",
        "\uFEFF%s  disk.img",
        "%s disk.img\n",
        "%s\tdisk.img\n",
        "%s\t disk.img \n",
        "%s  ./disk.img\n",
        "%s  images/v1/disk.img\n",
        "SHA256 (disk.img) = %s\n",
        "SHA256 (disk.img) = %s\r\n",
        "SHA2-256(disk.img)= %s\n",
        "SHA256 (./disk.img) = %s\n",
        "# a comment\n\n%s  disk.img\n# disk.img: 401604608 bytes\n",
        "<p>no line of a sums file</p>\n%s  disk.img\n",
        "%s\n",
        "  %s",
        "# only one\n%s\r\n",
      })
  void aDigestIsFoundInEveryFormat(String file) throws Exception {
    assertThat(find(file.formatted(A), "disk.img")).isEqualTo(new Sum(SumAlgorithm.SHA256, A));
  }

  @Test
  void hexIsReadInEitherCase() throws Exception {
    assertThat(find(B + "  disk.img", "disk.img").hex()).isEqualTo("b".repeat(64));
  }

  @ParameterizedTest
  @CsvSource({"32,MD5", "40,SHA1", "56,SHA224", "64,SHA256", "96,SHA384", "128,SHA512"})
  void theLengthIdentifiesTheAlgorithm(int length, SumAlgorithm algorithm) throws Exception {
    assertThat(find("0".repeat(length) + "  disk.img", "disk.img").algorithm())
        .isEqualTo(algorithm);
    assertThat(find(algorithm + " (disk.img) = " + "0".repeat(length), "disk.img").algorithm())
        .isEqualTo(algorithm);
  }

  @Test
  void anUnknownOrMismatchedTagIsIgnored() {
    assertThat(refused("SHA512/256 (disk.img) = " + A, "disk.img")).isEqualTo(Kind.UNREADABLE);
    assertThat(refused("MD5 (disk.img) = " + A, "disk.img")).isEqualTo(Kind.UNREADABLE);
  }

  @Test
  void escapedNamesAreDecoded() throws Exception {
    String file = "\\" + A + "  one\\\\two\\nthree\n" + B + "  one\\\\two\n\\" + B + "  bad\\x\n";

    assertThat(find(file, "one\\two\nthree").hex()).isEqualTo(A);
    assertThat(find(file, "one\\\\two").hex()).isEqualTo("b".repeat(64));
    assertThat(refused(file, "badx")).isEqualTo(Kind.NOT_LISTED);
  }

  @Test
  void aNameMayHaveSpacesAndParentheses() throws Exception {
    assertThat(find(A + "   a (1) b ", " a (1) b ").hex()).isEqualTo(A);
    assertThat(find("SHA256 (a (1) = b) = " + A, "a (1) = b").hex()).isEqualTo(A);
  }

  @Test
  void theExactNameTakesPrecedenceOverTheBaseName() throws Exception {
    String file = A + "  old/disk.img\n" + B + "  disk.img\n";

    assertThat(find(file, "disk.img").hex()).isEqualTo("b".repeat(64));
    assertThat(find(file, "old/disk.img").hex()).isEqualTo(A);
    assertThat(find(file, "./disk.img").hex()).isEqualTo("b".repeat(64));
  }

  @Test
  void anAmbiguousNameIsRefusedWithBothFiles() {
    String file = A + "  amd64/disk.img\n" + B + "  arm64/disk.img\n";

    SumsException thrown = thrown(file, "disk.img");

    assertThat(thrown.kind()).isEqualTo(Kind.AMBIGUOUS);
    assertThat(thrown)
        .hasMessage(
            "The sums file lists both \"amd64/disk.img\" and \"arm64/disk.img\":"
                + " name one of them in full.");
  }

  @Test
  void twoDigestsOfOneFileAreRefused() {
    assertThat(refused(A + "  disk.img\n" + B + "  disk.img\n", "disk.img"))
        .isEqualTo(Kind.AMBIGUOUS);
    assertThat(refused(A + "\n" + B + "\n", "disk.img")).isEqualTo(Kind.AMBIGUOUS);
  }

  @Test
  void theSameDigestTwiceIsAccepted() throws Exception {
    assertThat(find(A + "  x/disk.img\n" + A + "  y/disk.img\n", "disk.img").hex()).isEqualTo(A);
  }

  @Test
  void theStrongestAlgorithmIsTheDefault() throws Exception {
    String file =
        "MD5 (disk.img) = %s\nSHA512 (disk.img) = %s\nSHA256 (disk.img) = %s\n".formatted(D, C, A);

    assertThat(find(file, "disk.img").hex()).isEqualTo(C);
    assertThat(read(file, "disk.img", Optional.of(SumAlgorithm.MD5)).hex()).isEqualTo(D);
    SumsException none =
        catchThrowableOfType(
            SumsException.class, () -> read(file, "disk.img", Optional.of(SumAlgorithm.SHA1)));
    assertThat(none).hasMessage("The sums file has no sha1 of \"disk.img\".");
  }

  @Test
  void anUnlistedFileIsReported() {
    SumsException thrown = thrown(A + "  other.img\n", "disk\u001b[31m.img");

    assertThat(thrown.kind()).isEqualTo(Kind.NOT_LISTED);
    assertThat(thrown).hasMessage("The sums file lists 1 files, but not \"disk?[31m.img\".");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>Not found</html>", "abc  disk.img", "# comment"})
  void aFileWithoutADigestIsRefused(String file) {
    assertThat(refused(file, "disk.img")).isEqualTo(Kind.UNREADABLE);
  }

  @Test
  void aFileOverTheSizeLimitIsRefused() {
    String file = A + "  disk.img\n" + "#".repeat(PublishedSums.MAX_BYTES);

    assertThat(thrown(file, "disk.img")).hasMessage("The sums file is larger than 1048576 bytes.");
  }

  private static Kind refused(String file, String name) {
    return thrown(file, name).kind();
  }

  private static SumsException thrown(String file, String name) {
    SumsException thrown = catchThrowableOfType(SumsException.class, () -> find(file, name));
    assertThat(thrown).isNotNull();
    return thrown;
  }

  private static Sum find(String file, String name) throws Exception {
    return read(file, name, Optional.empty());
  }

  private static Sum read(String file, String name, Optional<SumAlgorithm> algorithm)
      throws Exception {
    return PublishedSums.read(
            file.getBytes(StandardCharsets.UTF_8), name, algorithm, Optional.empty(), Instant.EPOCH)
        .sum();
  }
}
