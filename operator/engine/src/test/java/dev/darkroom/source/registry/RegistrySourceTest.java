package dev.darkroom.source.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import dev.darkroom.source.fetch.Fetch;
import dev.darkroom.source.fetch.FetchOptions;
import dev.darkroom.source.policy.AddressPolicy;
import dev.darkroom.source.registry.DockerRegistry.Layer;
import dev.darkroom.source.web.WebClient;
import dev.darkroom.source.web.WebCredentials;
import dev.darkroom.source.web.WebLimits;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistrySourceTest {

  private static final String TAR = "application/vnd.oci.image.layer.v1.tar";
  private static final String RAW = "application/x-disk";
  private static final byte[] DISK = randomBytes(1_000_003);

  private static DockerRegistry registry;
  private static WebClient client;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    client = new WebClient(WebLimits.defaults(), AddressPolicy.defaults().withLoopbackAllowed());
    registry = DockerRegistry.start(directory, "", "");
  }

  @AfterAll
  static void stop() throws Exception {
    client.close();
    if (registry != null) {
      registry.close();
    }
  }

  // Layouts of images.

  @ParameterizedTest
  @CsvSource({"tar, ''", "tar, +gzip", "tar, +zstd"})
  void theDiskOfAContainerDiskIsTheFileInItsDirectory(String name, String packing)
      throws Exception {
    byte[] archive =
        tar(
            out -> {
              directory(out, "disk/");
              file(out, "./disk/image.img", DISK);
              file(out, "etc/other", new byte[500]);
            });
    registry.push("c/" + name, "v1", Layer.of(TAR + packing, packed(packing, archive)));

    try (SourceBody body = source("c/" + name + ":v1").open()) {
      assertThat(body.head().length()).hasValue(DISK.length);
      assertThat(body.head().acceptsRanges()).isFalse();
      assertThat(body.head().validator().orElseThrow()).startsWith("sha256:");
      assertThat(readAll(body)).isEqualTo(DISK);
    }
  }

  @Test
  void theTopmostLayerWithADiskIsRead() throws Exception {
    registry.push(
        "layers",
        "latest",
        Layer.of(TAR, tar(out -> file(out, "disk/old.img", new byte[10]))),
        Layer.of(TAR, tar(out -> file(out, "disk/new.img", DISK))),
        Layer.of(TAR + "+gzip", packed("+gzip", tar(out -> file(out, "etc/x", new byte[10])))));

    assertThat(read("layers")).isEqualTo(DISK);
  }

  @Test
  void aLayerThatIsNotAnArchiveIsTheDisk() throws Exception {
    String digest = registry.push("raw", "latest", Layer.of(RAW, DISK));

    assertThat(read("raw")).isEqualTo(DISK);
    assertThat(read("raw@" + digest)).isEqualTo(DISK);
    assertThat(read("raw:gone@" + digest)).as("the digest decides").isEqualTo(DISK);
  }

  @Test
  void aLayerWithAFileNameIsTheDiskWithAnyMediaType() throws Exception {
    registry.push(
        "titled", "latest", new Layer(TAR, DISK, "\"org.opencontainers.image.title\":\"x.qcow2\""));

    assertThat(read("titled")).isEqualTo(DISK);
  }

  @Test
  void theImageOfThePlatformIsSelected() throws Exception {
    String amd = registry.push("multi", "amd", Layer.of(RAW, DISK));
    String arm = registry.push("multi", "arm", Layer.of(RAW, new byte[77]));
    String index =
        """
        {"schemaVersion":2,"manifests":[
        {"mediaType":"application/vnd.oci.image.manifest.v1+json","size":%d,"digest":"%s",
         "platform":{"os":"linux","architecture":"arm64"}},
        {"mediaType":"application/vnd.oci.image.manifest.v1+json","size":%d,"digest":"%s",
         "platform":{"os":"linux","architecture":"amd64"}}]}\
        """
            .formatted(1, arm, 1, amd);
    registry.pushManifest(
        "multi", "latest", "application/vnd.oci.image.index.v1+json", index.getBytes(UTF_8));

    assertThat(read("multi")).isEqualTo(DISK);
    assertThat(readAll(source("multi", options("linux/arm64")).open())).hasSize(77);
    assertFails(Kind.NOT_FOUND, () -> source("multi", options("linux/riscv64")).open());
  }

  @Test
  void aFetchReadsARegistrySource() throws Exception {
    registry.push("fetched", "latest", Layer.of(RAW, DISK));
    FetchOptions options = FetchOptions.defaults();

    try (Fetch fetch = Fetch.open(source("fetched"), options, Optional.empty())) {
      assertThat(readAll(fetch)).isEqualTo(DISK);
    }
  }

  // Refused images.

  @Test
  void aMissingObjectIsNotFound() throws Exception {
    String missing = "sha256:" + "0".repeat(64);

    assertFails(Kind.NOT_FOUND, () -> source("nothing").open());
    assertFails(Kind.NOT_FOUND, () -> source("nothing@" + missing).open());
  }

  @Test
  void anArchiveWithTricksIsRefused() throws Exception {
    byte linked = TarConstants.LF_LINK;
    byte symbolic = TarConstants.LF_SYMLINK;
    registry.push("hard", "latest", archive(out -> link(out, "disk/x", linked)));
    registry.push("sym", "latest", archive(out -> link(out, "disk/x", symbolic)));
    registry.push("dirlink", "latest", archive(out -> link(out, "disk", symbolic)));
    registry.push("dots", "latest", archive(out -> file(out, "disk/../disk/x", DISK)));
    registry.push("deep", "latest", archive(out -> file(out, "disk/a/b", DISK)));
    registry.push("none", "latest", archive(out -> file(out, "diskette/x", DISK)));
    registry.push("noise", "latest", Layer.of(TAR, DISK));
    registry.push("gzip", "latest", Layer.of(TAR + "+gzip", DISK));

    for (String name :
        new String[] {"hard", "sym", "dirlink", "dots", "deep", "none", "noise", "gzip"}) {
      assertFails(Kind.INVALID, () -> read(name));
    }
  }

  @Test
  void twoFilesInTheDirectoryAreRefusedByTheEnd() throws Exception {
    registry.push(
        "two",
        "latest",
        archive(
            out -> {
              file(out, "disk/a", DISK);
              file(out, "disk/b", DISK);
            }));

    SourceException e = assertFails(Kind.INVALID, () -> read("two"));

    assertThat(e).hasMessageContaining("more than one file");
  }

  @Test
  void aDirectoryOrSeveralFilesAreRefused() throws Exception {
    registry.push(
        "packed",
        "latest",
        new Layer(
            TAR + "+gzip",
            DISK,
            "\"org.opencontainers.image.title\":\"d\",\"io.deis.oras.content.unpack\":\"true\""));
    registry.push("several", "latest", Layer.of(RAW, DISK), Layer.of(RAW, new byte[5]));

    assertFails(Kind.INVALID, () -> read("packed"));
    assertFails(Kind.INVALID, () -> read("several"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ubuntu",
        "library/ubuntu",
        "localhost:5000",
        "localhost:5000/",
        "localhost:5000/UPPER",
        "localhost:5000/a//b",
        "localhost:5000/a/../b",
        "localhost:5000/a:",
        "localhost:5000/a:b:c",
        "localhost:5000/a@sha256:12",
        "localhost:5000/a@md5:d41d8cd98f00b204e9800998ecf8427e",
        "http://localhost:5000/a",
        "user:geheim@localhost/a",
        "localhost:5000/a b",
        "localhost:5000/a?x=y"
      })
  void anInvalidReferenceIsRefused(String reference) {
    SourceException e =
        assertFails(
            Kind.INVALID, () -> new RegistrySource(reference, client, RegistryOptions.defaults()));

    assertThat(e).hasMessageNotContaining("geheim");
  }

  @Test
  void onlyAPlainHostIsRequestedInPlainText() {
    assertFails(
        Kind.UNAVAILABLE,
        () ->
            new RegistrySource(registry.authority() + "/raw", client, RegistryOptions.defaults())
                .open());
  }

  @Test
  void theAddressPolicyAppliesToRegistries() throws Exception {
    try (WebClient strict = new WebClient(WebLimits.defaults(), AddressPolicy.defaults())) {
      assertFails(
          Kind.BLOCKED,
          () -> new RegistrySource(registry.authority() + "/raw", strict, options()).open());
    }
  }

  // Authentication.

  @Test
  void aUserNameAndPasswordGiveAccess(@TempDir Path directory) throws Exception {
    try (DockerRegistry closed = DockerRegistry.withPassword(directory)) {
      closed.push("secret", "latest", archive(out -> file(out, "disk/x", DISK)));
      String reference = closed.authority() + "/secret";

      assertThat(
              readAll(
                  new RegistrySource(
                          reference,
                          client,
                          options(closed, WebCredentials.basic("user", "geheim")))
                      .open()))
          .isEqualTo(DISK);
      for (WebCredentials wrong :
          new WebCredentials[] {WebCredentials.none(), WebCredentials.basic("user", "falsch")}) {
        assertFails(
            Kind.FORBIDDEN,
            () -> new RegistrySource(reference, client, options(closed, wrong)).open());
      }
    }
  }

  /** Writes an archive. */
  @FunctionalInterface
  interface Writing {
    void to(TarArchiveOutputStream out) throws Exception;
  }

  private static Layer archive(Writing writing) throws Exception {
    return Layer.of(TAR, tar(writing));
  }

  private static byte[] tar(Writing writing) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes)) {
      writing.to(out);
    }
    return bytes.toByteArray();
  }

  private static void directory(TarArchiveOutputStream out, String name) throws Exception {
    out.putArchiveEntry(new TarArchiveEntry(name));
    out.closeArchiveEntry();
  }

  private static void file(TarArchiveOutputStream out, String name, byte[] bytes) throws Exception {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(bytes.length);
    out.putArchiveEntry(entry);
    out.write(bytes);
    out.closeArchiveEntry();
  }

  private static void link(TarArchiveOutputStream out, String name, byte type) throws Exception {
    TarArchiveEntry entry = new TarArchiveEntry(name, type);
    entry.setLinkName("/etc/passwd");
    out.putArchiveEntry(entry);
    out.closeArchiveEntry();
  }

  private static byte[] packed(String packing, byte[] bytes) throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out =
        switch (packing) {
          case "+gzip" -> new GZIPOutputStream(packed);
          case "+zstd" -> new ZstdCompressorOutputStream(packed);
          default -> packed;
        }) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  private static byte[] read(String name) throws Exception {
    try (SourceBody body = source(name).open()) {
      return readAll(body);
    }
  }

  private static byte[] readAll(SourceBody body) throws SourceException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(100_000);
    while (body.read(buffer.clear()) >= 0) {
      all.write(buffer.array(), 0, buffer.position());
    }
    body.close();
    return all.toByteArray();
  }

  private static RegistrySource source(String name) throws SourceException {
    return source(name, options());
  }

  private static RegistrySource source(String name, RegistryOptions options)
      throws SourceException {
    return new RegistrySource(registry.authority() + "/" + name, client, options);
  }

  private static RegistryOptions options() {
    return options("linux/amd64");
  }

  private static RegistryOptions options(String platform) {
    return new RegistryOptions(
        WebCredentials.none(),
        Optional.empty(),
        Platform.parse(platform),
        Set.of(registry.authority()));
  }

  private static RegistryOptions options(DockerRegistry of, WebCredentials login) {
    return new RegistryOptions(
        login, Optional.empty(), Platform.defaults(), Set.of(of.authority()));
  }

  private static SourceException assertFails(Kind kind, Callable<?> work) {
    SourceException[] found = new SourceException[1];
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(work::call)
        .satisfies(e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind))
        .satisfies(e -> found[0] = e);
    return found[0];
  }

  private static byte[] randomBytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
