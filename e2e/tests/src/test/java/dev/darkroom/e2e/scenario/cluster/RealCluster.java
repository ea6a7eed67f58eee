package dev.darkroom.e2e.scenario.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * A real control plane on the loopback interface: etcd, kube-apiserver, and the controllers for
 * namespaces, garbage collection, role aggregation and admission policies. All files except the
 * logs are deleted on close.
 */
final class RealCluster implements ClusterUnderTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final String AUDIT =
      """
      apiVersion: audit.k8s.io/v1
      kind: Policy
      omitStages: [RequestReceived]
      rules:
        - level: Metadata
          userGroups: ["system:serviceaccounts:darkroom-system"]
        - level: None
      """;

  private final ControlPlaneBinaries binaries;
  private final Path directory;
  private final Deque<Process> processes = new ArrayDeque<>();
  private final Thread lastResort = new Thread(this::killAll, "control-plane-end");
  private final String token = UUID.randomUUID().toString();
  private KubernetesClient client;
  private List<String> apiServerArguments = List.of();
  private Process apiServer;
  private Process controllers;
  private int port;
  private String etcd = "";

  private RealCluster(ControlPlaneBinaries binaries, Path directory) {
    this.binaries = binaries;
    this.directory = directory;
    Runtime.getRuntime().addShutdownHook(lastResort);
  }

  static RealCluster start(ControlPlaneBinaries binaries, Path directory) throws IOException {
    RealCluster cluster = new RealCluster(binaries, directory);
    try {
      cluster.startAll();
      return cluster;
    } catch (IOException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private void startAll() throws IOException {
    List<Integer> ports = freePorts(3);
    etcd = "http://127.0.0.1:" + ports.get(0);
    run(
        "etcd",
        "--data-dir=" + directory.resolve("etcd"),
        "--unsafe-no-fsync",
        "--listen-client-urls=" + etcd,
        "--advertise-client-urls=" + etcd,
        "--listen-peer-urls=http://127.0.0.1:" + ports.get(1));
    Path serviceAccountKey = writeKey();
    Path tokens =
        Files.writeString(
            directory.resolve("tokens.csv"), token + ",admin,admin,\"system:masters\"\n");
    port = ports.get(2);
    // Kube-apiserver creates a certificate for the advertised address.
    apiServerArguments =
        List.of(
            "--etcd-servers=" + etcd,
            "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1",
            "--endpoint-reconciler-type=none",
            "--secure-port=" + port,
            "--cert-dir=" + directory,
            "--token-auth-file=" + tokens,
            "--authorization-mode=RBAC",
            "--disable-admission-plugins=ServiceAccount",
            // Not enabled by default; where it is enabled, the operator needs one more permission.
            "--enable-admission-plugins=OwnerReferencesPermissionEnforcement",
            "--audit-policy-file=" + Files.writeString(directory.resolve("audit.yaml"), AUDIT),
            "--audit-log-path=" + directory.resolve("audit.log"),
            "--service-account-issuer=https://localhost",
            "--service-account-signing-key-file=" + serviceAccountKey,
            "--service-account-key-file=" + serviceAccountKey,
            "--service-cluster-ip-range=10.0.0.0/24");
    apiServer = run("kube-apiserver", apiServerArguments);
    await("the certificate of kube-apiserver")
        .atMost(PATIENCE)
        .failFast("a process ended; see the logs in " + directory, this::anyProcessEnded)
        .until(() -> Files.exists(directory.resolve("apiserver.crt")));
    Files.writeString(kubeconfig(), kubeconfigText(port));
    client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(kubeconfig().toFile()))
            .build();
    awaitApiServer();
    startControllers();
  }

  private void startControllers() throws IOException {
    controllers =
        run(
            "kube-controller-manager",
            List.of(
                "--kubeconfig=" + kubeconfig(),
                "--leader-elect=false",
                "--secure-port=0",
                "--controllers=namespace-controller,garbage-collector-controller,"
                    + "clusterrole-aggregation-controller,validatingadmissionpolicy-status-controller"));
  }

  private void awaitApiServer() {
    await("kube-apiserver")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .failFast("a process ended; see the logs in " + directory, this::anyProcessEnded)
        .ignoreExceptionsInstanceOf(KubernetesClientException.class)
        .until(() -> "ok".equals(client.raw("/readyz")));
  }

  private void run(String program, String... arguments) throws IOException {
    Process unused = run(program, List.of(arguments));
  }

  private Process run(String program, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(binaries.program(program).toString()));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(directory.resolve(program + ".log").toFile()))
            .start();
    processes.push(process);
    return process;
  }

  @Override
  public Optional<Outage> outage() throws IOException {
    processes.remove(apiServer);
    apiServer.destroyForcibly().onExit().join();
    // The controllers retry often; count only other connections.
    processes.remove(controllers);
    controllers.destroyForcibly().onExit().join();
    ConnectionCounter connectionAttempts = ConnectionCounter.at(port);
    return Optional.of(
        new Outage() {
          @Override
          public int connectionAttempts() {
            return connectionAttempts.count();
          }

          @Override
          public void close() throws IOException {
            connectionAttempts.close();
            apiServer = run("kube-apiserver", apiServerArguments);
            awaitApiServer();
            startControllers();
          }
        });
  }

  @Override
  public Optional<Path> auditLog() {
    return Optional.of(directory.resolve("audit.log"));
  }

  /** Custom resources are JSON in etcd. The etcd gateway takes keys and values in Base64. */
  @Override
  public boolean plant(ObjectNode object) throws IOException {
    String kind = object.path("kind").asText().toLowerCase(Locale.ROOT) + "s";
    String group = object.path("apiVersion").asText().split("/", 2)[0];
    String namespace = object.at("/metadata/namespace").asText();
    String key =
        String.join("/", "/registry", group, kind, namespace, object.at("/metadata/name").asText())
            .replace("//", "/");
    String body =
        "{\"key\":\"%s\",\"value\":\"%s\"}".formatted(base64(key), base64(object.toString()));
    try {
      HttpResponse<String> answer =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(etcd + "/v3/kv/put"))
                      .POST(BodyPublishers.ofString(body))
                      .build(),
                  BodyHandlers.ofString());
      if (answer.statusCode() != HttpURLConnection.HTTP_OK) {
        throw new IOException("etcd rejected " + key + ": " + answer.body());
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private boolean anyProcessEnded() {
    return processes.stream().anyMatch(process -> !process.isAlive());
  }

  private Path writeKey() throws IOException {
    try {
      byte[] key = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate().getEncoded();
      String pem =
          "-----BEGIN PRIVATE KEY-----\n"
              + Base64.getMimeEncoder().encodeToString(key)
              + "\n-----END PRIVATE KEY-----\n";
      return Files.writeString(directory.resolve("service-account.key"), pem);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the Java runtime lacks RSA", e);
    }
  }

  private String kubeconfigText(int port) {
    return """
    apiVersion: v1
    kind: Config
    clusters:
      - name: scenario
        cluster:
          server: https://127.0.0.1:%d
          certificate-authority: %s
    contexts:
      - name: scenario
        context:
          cluster: scenario
          user: admin
    users:
      - name: admin
        user:
          token: %s
    current-context: scenario
    """
        .formatted(port, directory.resolve("apiserver.crt"), token);
  }

  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> taken = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        taken.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return taken.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : taken) {
        socket.close();
      }
    }
  }

  @Override
  public String description() {
    return "kube-apiserver " + binaries.versionText();
  }

  @Override
  public Path kubeconfig() {
    return directory.resolve("kubeconfig");
  }

  @Override
  public KubernetesClient client() {
    return client;
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
    }
    killAll();
    Runtime.getRuntime().removeShutdownHook(lastResort);
  }

  /** Kills all processes, the last one first; their data is discarded. */
  private void killAll() {
    processes.forEach(process -> process.destroyForcibly().onExit().join());
  }
}
