package dev.darkroom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(60)
class CatalogCommandTest {

  private static final String API = "/apis/darkroom.dev/v1alpha1";
  private static final String PUBLIC_IMAGES = API + "/publicimages";
  private static final String MEMBERS = API + "/imagemembers";
  private static final String DIGEST = "sha256:" + "0".repeat(64);

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final Set<String> asked = ConcurrentHashMap.newKeySet();
  @TempDir private Path directory;
  private HttpServer server;

  @BeforeEach
  void aClusterWithOneOfEach() throws IOException {
    answers.put(
        images("blue"),
        list(
            "ImageList",
            image("mine", "", ""),
            image("secret", "\"hidden\":true,", ""),
            image(
                "debian",
                "\"source\":{\"image\":{\"namespace\":\"golden\",\"name\":\"debian-13\"}},",
                "\"labels\":{\"darkroom.dev/member\":\"uid-7\"},")));
    answers.put(
        MEMBERS,
        list(
            "ImageMemberList",
            member("fedora", "blue", "Pending"),
            member("rejected", "blue", "Rejected"),
            member("elsewhere", "green", "Pending")));
    answers.put(
        PUBLIC_IMAGES,
        list(
            "PublicImageList",
            "{\"metadata\":{\"name\":\"golden.alpine\"},\"spec\":{\"namespace\":\"golden\","
                + "\"name\":\"alpine\",\"diskFormat\":\"qcow2\",\"size\":52428800,"
                + "\"os\":{\"distro\":\"alpine\",\"version\":\"3.22\"}}}"));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          asked.add(exchange.getRequestMethod() + " " + path);
          String answer = answers.getOrDefault(path, status(404));
          byte[] body = answer.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(code(answer), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void visibleImagesAreListedWithTheReasonOwnImagesFirst() {
    assertThat(run("-n", "blue")).isZero();

    assertThat(out.toString().lines())
        .containsExactly(
            "NAME     FROM               WHY                FORMAT   SIZE    OS",
            "mine     -                  own                qcow2    48MiB   -",
            "debian   golden/debian-13   shared, accepted   qcow2    48MiB   -",
            "fedora   golden/fedora      shared, pending    -        -       -",
            "alpine   golden/alpine      public             qcow2    50MiB   alpine 3.22");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void onlyTheListedKindsAreRequested() {
    assertThat(run("-n", "blue")).isZero();

    assertThat(asked)
        .containsExactlyInAnyOrder(
            "GET " + PUBLIC_IMAGES, "GET " + images("blue"), "GET " + MEMBERS);
  }

  @Test
  void hiddenListsHiddenImages() {
    assertThat(run("--hidden", "--namespace", "blue")).isZero();

    assertThat(out.toString().lines()).anyMatch(line -> line.startsWith("secret   -"));
  }

  @Test
  void theDefaultNamespaceIsThatOfTheKubeconfig() throws IOException {
    answers.put(images("default"), list("ImageList", image("there", "", "")));
    assertThat(run()).isZero();
    assertThat(out.toString()).contains("there").doesNotContain("mine");

    answers.put(images("team"), list("ImageList", image("theirs", "", "")));
    Path file = kubeconfig(url());
    Files.writeString(
        file,
        Files.readString(file).replace("user: test\n", "user: test\n      namespace: team\n"));
    assertThat(program().execute("catalog", "--kubeconfig", file.toString())).isZero();
    assertThat(out.toString()).contains("theirs");
  }

  @Test
  void withoutListPermissionOnMembersOneLineNamesTheEvents() {
    answers.put(MEMBERS, status(403));

    assertThat(run("-n", "blue")).isZero();

    assertThat(out.toString()).contains("mine", "alpine").doesNotContain("fedora");
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .contains("kubectl get events -n blue --field-selector reason=ImageOffered");
  }

  @Test
  void withoutListPermissionOnImagesTheErrorIsOneSentence() {
    answers.put(images("blue"), status(403));

    assertThat(run("-n", "blue")).isEqualTo(CommandLine.ExitCode.SOFTWARE);

    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .startsWith("darkroom: The API server refused the request: ");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void anEmptyCatalogueHasOnlyTheHeading() {
    answers.put(images("blue"), list("ImageList"));
    answers.put(MEMBERS, list("ImageMemberList"));
    answers.put(PUBLIC_IMAGES, list("PublicImageList"));

    assertThat(run("-n", "blue")).isZero();

    assertThat(out.toString())
        .isEqualToNormalizingNewlines("NAME   FROM   WHY   FORMAT   SIZE   OS\n");
  }

  @Test
  void anApiServerWithoutAnAnswerIsNamedInOneSentence() throws IOException {
    String away = "https://127.0.0.1:1/";

    assertThat(program().execute("catalog", "--kubeconfig", kubeconfig(away).toString()))
        .isEqualTo(CommandLine.ExitCode.SOFTWARE);

    assertThat(err.toString().lines())
        .containsExactly(
            "darkroom: No answer from the API server " + away + ": the connection was refused.");
    assertThat(out.toString()).isEmpty();
  }

  /** A process of its own shows log lines too. */
  @Test
  void theProcessWritesTheTableAndNothingElse() throws Exception {
    ProcessRun run =
        ProcessRun.of(
            Darkroom.class,
            Map.of("DARKROOM_NAMESPACE", "blue"),
            "catalog",
            "--kubeconfig=" + kubeconfig(url()));

    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out().lines()).hasSize(5).first().asString().startsWith("NAME ");
  }

  private int run(String... arguments) {
    try {
      return program()
          .execute(
              Stream.concat(
                      Stream.of("catalog", "--kubeconfig", kubeconfig(url()).toString()),
                      Stream.of(arguments))
                  .toArray(String[]::new));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private CommandLine program() {
    return Darkroom.program(Map.of())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true));
  }

  private Path kubeconfig(String of) throws IOException {
    return Files.writeString(directory.resolve("kubeconfig"), Kubeconfigs.of(of));
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  private static String images(String namespace) {
    return API + "/namespaces/" + namespace + "/images";
  }

  private static String image(String name, String spec, String metadata) {
    return """
    {"metadata":{%s"name":"%s","namespace":"blue"},"spec":{%s"visibility":"Private"},
     "status":{"digest":"%s","diskFormat":"qcow2","size":50331648%s}}
    """
        .formatted(
            metadata,
            name,
            spec,
            DIGEST,
            spec.contains("source")
                ? ",\"link\":{\"namespace\":\"golden\",\"name\":\"debian-13\",\"uid\":\"1\"}"
                : "");
  }

  private static String member(String image, String namespace, String acceptance) {
    return """
    {"metadata":{"name":"%s-%s","namespace":"golden"},
     "spec":{"imageRef":{"name":"%s"},"namespace":"%s","acceptance":"%s"},
     "status":{"conditions":[{"type":"Ready","status":"False","reason":"%s","message":"",
     "lastTransitionTime":"2026-01-01T00:00:00Z"}]}}
    """
        .formatted(
            image,
            namespace,
            image,
            namespace,
            acceptance,
            acceptance.equals("Pending") ? "Offered" : acceptance);
  }

  private static String list(String kind, String... items) {
    return "{\"apiVersion\":\"darkroom.dev/v1alpha1\",\"kind\":\"%s\",\"metadata\":{},\"items\":[%s]}"
        .formatted(kind, String.join(",", items));
  }

  private static String status(int code) {
    return "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"message\":\"not for you\",\"code\":"
        + code
        + "}";
  }

  private static int code(String answer) {
    return answer.contains("\"code\":403") ? 403 : answer.contains("\"code\":404") ? 404 : 200;
  }
}
