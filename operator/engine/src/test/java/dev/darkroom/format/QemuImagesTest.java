package dev.darkroom.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Images that qemu-img makes, the most used maker of disk images, and what it says of them. */
class QemuImagesTest extends QemuDirectory {
  private static final Pattern VIRTUAL_SIZE = Pattern.compile("\"virtual-size\": (\\d+)");
  private static final List<String> SECRET = List.of("--object", "secret,id=key,data=passphrase");

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          qcow2 | compat=0.10                 | qcow2
          qcow2 | compat=1.1                  | qcow2
          qcow2 | cluster_size=512            | qcow2
          qcow2 | cluster_size=2M             | qcow2
          qcow2 | extended_l2=on              | qcow2
          qcow2 | compression_type=zstd       | qcow2
          qcow2 | refcount_bits=64            | qcow2
          qcow2 | refcount_bits=1             | qcow2
          qcow2 | lazy_refcounts=on           | qcow2
          qcow2 | preallocation=metadata      | qcow2
          qcow2 | preallocation=falloc        | qcow2
          qcow2 | preallocation=full          | qcow2
          qcow2 | compat=0.10,cluster_size=4k | qcow2
          qcow2 | extended_l2=on,cluster_size=16k                          | qcow2
          qcow2 | extended_l2=on,cluster_size=2M                           | qcow2
          qcow2 | extended_l2=on,preallocation=metadata                    | qcow2
          qcow2 | cluster_size=512,preallocation=metadata,refcount_bits=64 | qcow2
          vmdk  | subformat=monolithicSparse  | vmdk
          vmdk  | subformat=monolithicSparse,zeroed_grain=on | vmdk
          vmdk  | subformat=monolithicSparse,compat6=on | vmdk
          vmdk  | subformat=streamOptimized   | vmdk
          vdi   | static=off                  | vdi
          vdi   | static=on                   | vdi
          vpc   | subformat=dynamic           | vhd
          vpc   | subformat=dynamic,force_size| vhd
          vpc   | subformat=fixed             | vhd
          vpc   | subformat=fixed,force_size  | vhd
          vhdx  | subformat=dynamic           | vhdx
          vhdx  | subformat=fixed             | vhdx
          vhdx  | subformat=dynamic,block_size=1M                    | vhdx
          parallels | cluster_size=1M         | ploop
          vhdx  | subformat=dynamic,block_state_zero=off,log_size=4M | vhdx
          """)
  void acceptsWhatItMakesWithTheSizeItSays(String driver, String options, String format)
      throws Exception {
    Path disk = partitionedDisk();
    qemuImg("convert", "-f", "raw", "-O", driver, "-o", options, disk.toString(), "made.img");

    Verdict verdict = undeclared("made.img");

    Verdicts.accepted(verdict, DiskFormat.of(format).orElseThrow(), virtualSize(driver));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "compat=0.10",
        "compression_type=zstd",
        "cluster_size=512",
        "cluster_size=2M",
        "extended_l2=on"
      })
  void acceptsCompressedClusters(String options) throws Exception {
    Path disk = partitionedDisk();
    qemuImg("convert", "-c", "-O", "qcow2", "-o", options, disk.toString(), "made.img");

    Verdicts.accepted(undeclared("made.img"), DiskFormat.QCOW2, 8 << 20);
  }

  /** Tables that grew, clusters that are shared, freed, or of zeros, and a size that is odd. */
  @ParameterizedTest
  @ValueSource(strings = {"compat=0.10", "cluster_size=512", "extended_l2=on", "lazy_refcounts=on"})
  void acceptsDisksThatHaveBeenInUse(String options) throws Exception {
    qemuImg("create", "-f", "qcow2", "-o", options, "made.img", "1234567");
    qemuIo("write -P 1 0 1M");
    qemuImg("snapshot", "-c", "before", "made.img");
    qemuIo("write -P 2 512k 300k", "write -z 4k 200k", "discard 0 64k");
    qemuImg("snapshot", "-d", "before", "made.img");
    qemuImg("resize", "made.img", "300M");
    qemuIo("write -P 3 299M 1M", "write -P 4 100M 3k");

    Verdicts.accepted(undeclared("made.img"), DiskFormat.QCOW2, 300 << 20);
  }

  @ParameterizedTest
  @CsvSource({"qcow2,qcow2", "vmdk,vmdk", "vdi,vdi", "vpc,vhd", "vhdx,vhdx"})
  void findsTruncatedImages(String driver, String format) throws Exception {
    qemuImg("convert", "-f", "raw", "-O", driver, partitionedDisk().toString(), "made.img");
    byte[] made = made("made.img");

    byte[] half = Arrays.copyOf(made, made.length / 2);

    assertThat(Verdicts.declared(DiskFormat.of(format).orElseThrow(), half))
        .isInstanceOf(Verdict.Truncated.class);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          qcow2 | compat=1.1                 | qcow2
          vmdk  | subformat=monolithicSparse | vmdk
          vmdk  | subformat=streamOptimized  | vmdk
          vdi   | static=off                 | vdi
          vpc   | subformat=dynamic          | vhd
          vpc   | subformat=fixed            | vhd
          vhdx  | subformat=dynamic          | vhdx
          """)
  void acceptsEmptyDisks(String driver, String options, String format) throws Exception {
    qemuImg("create", "-f", driver, "-o", options, "made.img", "8M");

    DiskFormat declared = DiskFormat.of(format).orElseThrow();
    Verdict verdict = Verdicts.declared(declared, made("made.img"));

    Verdicts.accepted(verdict, declared, virtualSize(driver));
  }

  @Test
  void acceptsEncryptedImagesAndSaysSo() throws Exception {
    List<String> luks = new ArrayList<>(List.of("qemu-img", "create", "-q"));
    luks.addAll(SECRET);
    luks.addAll(List.of("-f", "luks", "-o", "key-secret=key,iter-time=10", "made.img", "8M"));
    createEncrypted(luks);
    Verdict.Accepted container =
        Verdicts.accepted(undeclared("made.img"), DiskFormat.LUKS, 8 << 20);
    assertThat(container.notes()).containsExactly("encrypted (luks1)");

    List<String> qcow2 = new ArrayList<>(List.of("qemu-img", "create", "-q"));
    qcow2.addAll(SECRET);
    qcow2.addAll(
        List.of(
            "-f",
            "qcow2",
            "-o",
            "encrypt.format=luks,encrypt.key-secret=key,encrypt.iter-time=10",
            "made.qcow2",
            "8M"));
    createEncrypted(qcow2);
    Verdict.Accepted disk = Verdicts.accepted(undeclared("made.qcow2"), DiskFormat.QCOW2, 8 << 20);
    assertThat(disk.notes()).containsExactly("encrypted (luks)");
  }

  /** On a machine under load, QEMU can fail to measure how fast the key function is. */
  private void createEncrypted(List<String> command) throws Exception {
    String output = output(command);
    assumeTrue(!output.contains("accurate CPU usage"), output);
    assertThat(output).as("%s", command).isEmpty();
  }

  @Test
  void acceptsBitmaps() throws Exception {
    qemuImg("create", "-f", "qcow2", "made.img", "8M");
    run(directory, List.of("qemu-img", "bitmap", "--add", "made.img", "backup"));

    Verdicts.accepted(undeclared("made.img"), DiskFormat.QCOW2, 8 << 20);
  }

  @Test
  void acceptsInternalSnapshotsAndSaysSo() throws Exception {
    qemuImg("create", "-f", "qcow2", "made.img", "8M");
    qemuImg("snapshot", "-c", "before", "made.img");

    Verdict.Accepted accepted =
        Verdicts.accepted(undeclared("made.img"), DiskFormat.QCOW2, 8 << 20);
    assertThat(accepted.notes()).containsExactly("1 internal snapshot");
  }

  @Test
  void refusesBackingFiles() throws Exception {
    qemuImg("create", "-f", "qcow2", "base.img", "8M");
    for (String driver : List.of("qcow2", "vmdk")) {
      qemuImg("convert", "-O", driver, "base.img", "base." + driver);
      qemuImg("create", "-f", driver, "-F", driver, "-b", "base." + driver, "over." + driver);

      Verdicts.unsafe(
          undeclared("over." + driver), DiskFormat.of(driver).orElseThrow(), "base." + driver);
    }
  }

  @Test
  void refusesExternalDataFiles() throws Exception {
    qemuImg("create", "-f", "qcow2", "-o", "data_file=data.raw", "made.img", "8M");

    Verdicts.unsafe(undeclared("made.img"), DiskFormat.QCOW2, "external data file");
  }

  @ParameterizedTest
  @CsvSource({"monolithicFlat", "twoGbMaxExtentSparse", "twoGbMaxExtentFlat"})
  void refusesDisksOfSeveralFiles(String subformat) throws Exception {
    qemuImg("create", "-f", "vmdk", "-o", "subformat=" + subformat, "made.vmdk", "8M");

    Verdicts.unsafe(undeclared("made.vmdk"), DiskFormat.VMDK, "names other files");
  }

  @Test
  void refusesQed() throws Exception {
    qemuImg("create", "-f", "qed", "made.img", "8M");

    Verdicts.unsafe(undeclared("made.img"), DiskFormat.QED, "qemu-img convert");
  }

  private Path partitionedDisk() throws IOException {
    byte[] disk = new byte[8 << 20];
    new Random(1).nextBytes(disk);
    Path path = directory.resolve("disk.raw");
    byte[] table = DiskImages.withMbr(new ByteBuilder(512)).bytes();
    System.arraycopy(table, 0, disk, 0, table.length);
    Arrays.fill(disk, 1 << 20, 4 << 20, (byte) 0);
    return Files.write(path, disk);
  }

  private long virtualSize(String driver) throws Exception {
    String info = qemuInfo(driver);
    Matcher matcher = VIRTUAL_SIZE.matcher(info);
    assertThat(matcher.find()).as(info).isTrue();
    return Long.parseLong(matcher.group(1));
  }

  private void qemuIo(String... commands) throws Exception {
    List<String> all = new ArrayList<>(List.of("qemu-io", "-f", "qcow2"));
    for (String command : commands) {
      all.addAll(List.of("-c", command));
    }
    all.add("made.img");
    run(directory, all);
  }
}
