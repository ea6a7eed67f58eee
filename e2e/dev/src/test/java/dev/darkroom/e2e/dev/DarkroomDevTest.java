package dev.darkroom.e2e.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.darkroom.api.Image;
import dev.darkroom.convert.QemuImg;
import dev.darkroom.e2e.dev.sample.SampleServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program with arguments and manifests of users. */
class DarkroomDevTest {

  private static final byte[] BYTES = randomBytes(16_000);
  private static final String IMAGE =
      """
      apiVersion: darkroom.dev/v1alpha1
      kind: Image
      metadata:
        name: %s
      spec:
        diskFormat: raw
        checksum: sha256:%s
        source:
          web:
            url: %s
      ---
      """;

  @TempDir Path scratch;
  private SampleServer web;

  @BeforeEach
  void offerADisk() throws IOException {
    Path offered = Files.createDirectory(scratch.resolve("offered"));
    Files.write(offered.resolve("Small_Disk.img"), BYTES);
    web = SampleServer.start(offered, 0);
  }

  @AfterEach
  void stopOffering() {
    web.close();
  }

  @Test
  void urlBecomesAnImage() throws Exception {
    DevProcess.Result result =
        DevProcess.run(
            scratch,
            "--once",
            "--url=" + web.address() + "Small_Disk.img",
            "--checksum=sha256:" + sha256(BYTES),
            "--format=raw");

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains("  image.darkroom.dev/small-disk", "  small-disk: ready, 15.6 KiB");
    assertThat(stored("default", "small-disk"))
        .singleElement()
        .satisfies(DarkroomDevTest::isTheDisk);
  }

  @Test
  void diskIsConverted() throws Exception {
    assumeTrue(QemuImg.find().isPresent(), "qemu-img is not installed");
    write(
        scratch.resolve("a.yaml"),
        image("converted", sha256(BYTES), "Small_Disk.img")
            .replace("diskFormat: raw", "diskFormat: raw\n  convertTo: qcow2"));

    DevProcess.Result result = DevProcess.run(scratch, "--once", "a.yaml");

    assertThat(result.text()).contains("  converted: ready, ");
    assertThat(stored("default", "converted"))
        .singleElement()
        .satisfies(file -> assertThat(Files.readAllBytes(file)).startsWith('Q', 'F', 'I', 0xfb));
  }

  @Test
  void stalledImagesAreReportedWithTheirReasons() throws Exception {
    Path manifests = Files.createDirectory(scratch.resolve("manifests"));
    write(manifests.resolve("1.yaml"), image("good", sha256(BYTES), "Small_Disk.img"));
    write(manifests.resolve("2.yaml"), image("altered", "0".repeat(64), "Small_Disk.img"));
    write(manifests.resolve("3.yaml"), image("missing", sha256(BYTES), "missing.img"));

    DevProcess.Result result = DevProcess.run(scratch, "--once", "manifests");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.text())
        .contains("image.darkroom.dev/altered is Stalled, ChecksumMismatch: ")
        .contains("image.darkroom.dev/missing is Stalled, SourceNotFound: ")
        .doesNotContain("image.darkroom.dev/good is");
    assertThat(stored("default", "")).singleElement().satisfies(DarkroomDevTest::isTheDisk);
  }

  @Test
  void timeoutReportsPendingObjects() throws Exception {
    HttpServer busy = HttpServer.create(new InetSocketAddress(loopback(), 0), 0);
    busy.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(503, -1);
          exchange.close();
        });
    busy.start();
    try {
      String url = "http://127.0.0.1:" + busy.getAddress().getPort() + "/a.img";
      write(scratch.resolve("a.yaml"), IMAGE.formatted("a", sha256(BYTES), url));

      DevProcess.Result result = DevProcess.run(scratch, "--once", "--timeout=8s", "a.yaml");

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.text())
          .contains("image.darkroom.dev/a is not Ready after 8 s: SourceUnavailable: ");
    } finally {
      busy.stop(0);
    }
  }

  @Test
  void refusalOfTheApiServerIsPrinted() throws Exception {
    write(
        scratch.resolve("a.yaml"),
        image("bad", "short", "Small_Disk.img")
            + IMAGE.formatted("local", sha256(BYTES), "file:///etc/passwd")
            + image("stray", sha256(BYTES), "x").replace("name:", "namespace: lab\n  name:")
            + image("typo", sha256(BYTES), "x").replace("diskFormat", "diskformat"));

    DevProcess.Result result = DevProcess.run(scratch, "--once", "a.yaml");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(String.join("\n", result.err()))
        .contains("a.yaml: Image.darkroom.dev \"bad\" is invalid: spec.checksum")
        .contains("must be an http:// or https:// URL with a host")
        .contains("namespaces \"lab\" not found")
        .contains("unknown field \"spec.diskformat\"");
    assertThat(result.err()).allMatch(line -> line.startsWith("darkroom-dev: "));
  }

  @Test
  void invalidInputIsReportedInOneSentence() throws Exception {
    write(scratch.resolve("broken.yaml"), "kind: [");
    Files.createDirectory(scratch.resolve("theirs"));
    write(scratch.resolve("theirs/notes"), "");

    assertRefused("broken.yaml:1:8: while parsing a flow node", "broken.yaml");
    assertRefused("nothing.yaml: no such file", "nothing.yaml");
    assertRefused("(notes)", "--dir=theirs");
    assertRefused("--checksum and --format require --url", "--checksum=x");
    assertRefused("'qcow' is none of raw, qcow2", "--format=qcow");
    assertRefused("'10' is not a time like 90s", "--timeout=10");
    assertRefused("70000 is not a port", "--port=70000");
    try (ServerSocket taken = new ServerSocket(0, 1, loopback())) {
      int port = taken.getLocalPort();
      assertRefused("Port " + port, "--port=" + port);
      assertRefused("--web-port", "--web-port=" + port);
    }
  }

  private void assertRefused(String sentence, String argument) throws Exception {
    DevProcess.Result result = DevProcess.run(scratch, "--once", argument);

    assertThat(result.exitCode()).as(argument).isEqualTo(2);
    assertThat(result.err())
        .as(argument)
        .hasSizeLessThanOrEqualTo(2)
        .first()
        .asString()
        .contains(sentence);
  }

  @Test
  void runsUntilSigterm() throws Exception {
    write(scratch.resolve("a.yaml"), image("a", sha256(BYTES), "Small_Disk.img"));
    try (DevProcess process = DevProcess.start(scratch, "a.yaml")) {
      process.awaitLine("Runs until Ctrl-C.");

      Config config = Config.fromKubeconfig(scratch.resolve("work/kubeconfig").toFile());
      try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build()) {
        assertThat(client.resources(Image.class).inNamespace("default").list().getItems())
            .extracting(image -> image.getMetadata().getName())
            .containsExactly("a");
        client.load(stream(image("b", sha256(BYTES), "Small_Disk.img"))).create();
        client.load(stream(image("c", "0".repeat(64), "Small_Disk.img"))).create();
        process.awaitLine("b: ready");
        process.awaitLine("c is Stalled, ChecksumMismatch: ");
      }
      process.terminate();

      DevProcess.Result result = process.result();
      assertThat(result.exitCode()).isEqualTo(128 + 15);
      assertThat(result.err()).isEmpty();
      assertThat(result.out()).last().isEqualTo("Stopped.");
    }
  }

  private String image(String name, String sha256, String file) {
    return IMAGE.formatted(name, sha256, web.address() + file);
  }

  private List<Path> stored(String namespace, String name) throws IOException {
    try (Stream<Path> found = Files.walk(scratch.resolve("work/store"))) {
      return found
          .filter(file -> file.endsWith("disk"))
          .filter(file -> file.toString().contains("/" + namespace + "/" + name))
          .toList();
    }
  }

  private static void isTheDisk(Path file) {
    assertThat(file).hasBinaryContent(BYTES);
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text);
  }

  private static InetAddress loopback() {
    return InetAddress.getLoopbackAddress();
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  /** A raw disk: no format is recognised in it. */
  private static byte[] randomBytes(int count) {
    byte[] bytes = new byte[count];
    new Random(1).nextBytes(bytes);
    return bytes;
  }
}
