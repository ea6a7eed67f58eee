package dev.darkroom.e2e.scenario.access;

import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static dev.darkroom.e2e.scenario.ConditionPredicates.reconciling;
import static dev.darkroom.e2e.scenario.ConditionPredicates.stalled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageSource;
import dev.darkroom.api.ImageSourceBuilder;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.ImageStore;
import dev.darkroom.api.S3SourceSpecBuilder;
import dev.darkroom.api.SecretReference;
import dev.darkroom.api.WebSourceSpec;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.ObjectStorageScenario;
import dev.darkroom.e2e.scenario.OperatorProcess;
import dev.darkroom.e2e.scenario.WebResponses;
import dev.darkroom.s3.S3Credentials;
import dev.darkroom.testing.FaultyServer.Script;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The operator reveals no secret. Known values are placed in Secrets, URLs and responses; imports
 * succeed and fail; then logs, Events, metrics and statuses are searched for the values, plain and
 * encoded.
 */
class PlantedSecretsTest extends ObjectStorageScenario {

  private static final String PASSWORD = "planted-password";
  private static final String TOKEN = "planted-token";
  private static final String HEADER = "planted-header";
  private static final String QUERY = "planted-query";
  private static final String SIGNATURE = "planted-signature";
  private static final String USER_INFO = "planted-userinfo";
  private static final String S3_KEY = "planted-secret-access-key";
  private static final String REFUSED_S3_KEY = "planted-refused-access-key";

  private static final List<String> ALL =
      List.of(
          PASSWORD,
          TOKEN,
          HEADER,
          QUERY,
          SIGNATURE,
          USER_INFO,
          S3_KEY,
          REFUSED_S3_KEY,
          Base64.getEncoder()
              .encodeToString(("user:" + PASSWORD).getBytes(StandardCharsets.UTF_8)));

  @BeforeEach
  void stopDefaultOperator() {
    stopOperator();
  }

  @Test
  void outputOfTheOperatorContainsNoSecret() throws IOException {
    Disk disk = Disk.qcow2();
    S3Credentials keys = S3Credentials.of("planted-id", S3_KEY);
    try (OperatorProcess operator =
        OperatorProcess.start(
            cluster.kubeconfig(),
            Files.createTempFile(directory, "operator-", ".log"),
            "--operator-namespace",
            tenant.namespace(),
            "--probe-interval",
            "PT0.5S",
            "--log-level",
            "DEBUG")) {
      storage.server().accept(keys);
      storage.useKeys(keys);
      storage.server().put("fedora.qcow2", disk.bytes());
      String bucket = storage.store("planted");
      defaultStore();
      serve(disk);
      createSecrets();

      // Imports that succeed.
      web("basic", "/basic", "basic");
      web("token", "/token", "token");
      web("headers", "/headers", "headers");
      web("query", "/query?token=" + QUERY, "none");
      web("signed", "/signed", "none");
      create("object", ImageSourceBuilder.builder().s3(storage.source("fedora.qcow2")).build());
      tenant.createImage(
          "in-bucket", from("/query?token=" + QUERY).stores(List.of(bucket)).build());
      for (String name :
          List.of("basic", "token", "headers", "query", "signed", "object", "in-bucket")) {
        tenant.await(Image.class, name, ready());
      }

      // Imports that fail.
      web("refused", "/refused?token=" + QUERY, "basic");
      web("absent", "/absent?token=" + QUERY, "token");
      web("loop", "/loop?token=" + QUERY, "headers");
      web("bad-redirect", "/bad-redirect", "token");
      web("user-redirect", "/user-redirect", "token");
      web("broken", "/broken?token=" + QUERY, "basic");
      web("failing", "/failing?token=" + QUERY, "basic");
      web("page", "/page?token=" + QUERY, "none");
      create(
          "refused-object",
          ImageSourceBuilder.builder()
              .s3(
                  S3SourceSpecBuilder.builder(storage.source("fedora.qcow2"))
                      .credentialsRef(new SecretReference("refused-keys"))
                      .build())
              .build());
      tenant.await(Image.class, "refused", stalled("SourceForbidden"));
      tenant.await(Image.class, "absent", stalled("SourceNotFound"));
      tenant.await(Image.class, "loop", stalled("RedirectRefused"));
      tenant.await(Image.class, "bad-redirect", stalled("SourceNotFound"));
      tenant.await(Image.class, "user-redirect", stalled("RedirectRefused"));
      tenant.await(Image.class, "failing", reconciling("SourceUnavailable"));
      tenant.await(Image.class, "page", stalled("UnknownFormat"));
      tenant.await(Image.class, "refused-object", stalled("SourceForbidden"));
      tenant.await(Image.class, "broken", reconciling("SourceTruncated"));
      storage.useKeys(S3Credentials.of("planted-id", REFUSED_S3_KEY));
      tenant.await(ImageStore.class, bucket, reconciling("StoreUnavailable"));
      assertThatExceptionOfType(KubernetesClientException.class)
          .as("URL with user information")
          .isThrownBy(
              () ->
                  create(
                      "user",
                      ImageSource.of(
                          WebSourceSpec.of("http://user:" + USER_INFO + "@example.org/disk"))));

      assertThat(operator.log()).as("log of the operator").contains(" Transfer [");
      assertContainsNoSecret("the log", operator.log());
      assertContainsNoSecret("events", everyEvent());
      assertContainsNoSecret("status", everyStatus(bucket));
      assertThat(web.requests().toString())
          .as("bytes received by the S3 server")
          .contains(TOKEN, HEADER, QUERY, SIGNATURE, ALL.get(ALL.size() - 1));
    }
  }

  private void serve(Disk disk) {
    Script good = WebResponses.bytes(disk);
    List.of("/basic", "/token", "/headers", "/query", "/target")
        .forEach(path -> web.on(path, good));
    web.on("/signed", redirect("/target?X-Amz-Signature=" + SIGNATURE));
    web.on("/refused", WebResponses.status(403));
    web.on("/loop", redirect("/loop?X-Amz-Signature=" + SIGNATURE));
    web.on("/bad-redirect", redirect("/gone?X-Amz-Signature=" + SIGNATURE));
    web.on(
        "/user-redirect",
        exchange ->
            exchange.head(
                302,
                "Location: ftp://user:" + USER_INFO + "@127.0.0.1/x?sig=" + SIGNATURE,
                WebResponses.length(0)));
    web.on("/broken", WebResponses.deadMidway(disk));
    web.on("/failing", WebResponses.status(503));
    web.on("/page", WebResponses.loginPage());
  }

  private static Script redirect(String location) {
    return exchange -> exchange.head(302, "Location: " + location, WebResponses.length(0));
  }

  private void createSecrets() {
    tenant.putSecret("basic", Map.of("username", "user", "password", PASSWORD));
    tenant.putSecret("token", Map.of("token", TOKEN));
    tenant.putSecret("headers", Map.of("headers", "X-Auth: " + HEADER));
    tenant.putSecret(
        "refused-keys", Map.of("accessKeyId", "planted-id", "secretAccessKey", REFUSED_S3_KEY));
  }

  private void web(String name, String path, String secret) {
    SecretReference credentials = secret.equals("none") ? null : new SecretReference(secret);
    create(name, ImageSource.of(new WebSourceSpec(web.url(path), credentials, null)));
  }

  private void create(String name, ImageSource source) {
    tenant.createImage(name, ImageSpecBuilder.builder().source(source).build());
  }

  private String everyEvent() {
    return Serialization.asYaml(
        Stream.of(tenant.namespace(), "default")
            .flatMap(
                namespace ->
                    cluster
                        .client()
                        .v1()
                        .events()
                        .inNamespace(namespace)
                        .list()
                        .getItems()
                        .stream())
            .toList());
  }

  /** Without the user's part of the specs. */
  private String everyStatus(String bucket) {
    KubernetesClient client = cluster.client();
    StringBuilder all = new StringBuilder();
    client.resources(Image.class).inNamespace(tenant.namespace()).list().getItems().stream()
        .map(image -> Serialization.asYaml(image.getStatus()) + image.getMetadata())
        .forEach(all::append);
    client.resources(ImageImport.class).inNamespace(tenant.namespace()).list().getItems().stream()
        .map(job -> Serialization.asYaml(job.getStatus()) + job.getMetadata())
        .forEach(all::append);
    all.append(Serialization.asYaml(tenant.get(ImageStore.class, bucket).getStatus()));
    assertThat(all).as("statuses").contains("SourceForbidden");
    return all.toString();
  }

  private static void assertContainsNoSecret(String where, String text) {
    assertThat(text).as(where).doesNotContain(ALL);
  }
}
