package dev.darkroom.e2e.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.e2e.apiserver.fields.Ownership;
import dev.darkroom.e2e.apiserver.http.Front;
import dev.darkroom.e2e.apiserver.model.ApiException;
import dev.darkroom.e2e.apiserver.model.Json;
import dev.darkroom.e2e.apiserver.model.Metadata;
import dev.darkroom.e2e.apiserver.resource.Resource;
import dev.darkroom.e2e.apiserver.resource.Resources;
import dev.darkroom.e2e.apiserver.schema.Defaults;
import dev.darkroom.e2e.apiserver.schema.Pruning;
import dev.darkroom.e2e.apiserver.storage.Key;
import dev.darkroom.e2e.apiserver.storage.ObjectStore;
import dev.darkroom.e2e.apiserver.verbs.Controllers;
import dev.darkroom.e2e.apiserver.verbs.RequestTarget;
import dev.darkroom.e2e.apiserver.verbs.Verbs;
import dev.darkroom.e2e.apiserver.verbs.WriteOptions;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * A Kubernetes API server in memory, compatible with kubectl, the fabric8 client and the Java
 * Operator SDK as far as Darkroom uses them. It serves the built-in kinds of {@link
 * BuiltinResources} and every CustomResourceDefinition. The server is for trials and tests: all
 * objects are lost on close. It has no authentication and no authorization, therefore it listens on
 * the loopback interface only.
 *
 * <p>Unsupported requests are refused with the status codes of a real server:
 *
 * <ul>
 *   <li>other kinds and subresources (Pods, scale, finalize, eviction, token, …), OpenAPI v2: 404;
 *   <li>protobuf bodies, except of the kinds that {@code kubectl create} sends as protobuf: 415;
 *       requests that accept only protobuf or CBOR answers: 406;
 *   <li>strategic merge patches of custom resources: 415;
 *   <li>CRDs with a conversion webhook, with JSONPaths beyond fields, indices and equality filters,
 *       or with unsupported CEL functions (CIDR, semver, named formats): 422;
 *   <li>watches and lists of a revision that is older than the kept history: 410.
 * </ul>
 *
 * <p>Other differences from a real server, without a refusal: no authentication, authorization,
 * admission webhooks, quotas, default ServiceAccounts or other objects that controllers create;
 * conflicts between the names of CRDs are not checked; a PUT never creates; a list with {@code
 * resourceVersionMatch=Exact} returns the current state; {@code kubectl explain} has no
 * descriptions of built-in kinds; validation of built-in kinds covers only field names and types.
 *
 * <p>Thread-safe.
 */
public final class ApiServer implements AutoCloseable {
  private static final List<String> NAMESPACES = List.of("default", "kube-system", "kube-public");
  private static final WriteOptions WRITING =
      new WriteOptions(
          WriteOptions.Persistence.STORE,
          "darkroom-apiserver",
          WriteOptions.UnknownFields.STRICT,
          Ownership.Conflicts.FORCE);

  private final Server jetty = new Server();
  private final ServerConnector connector;
  private final Resources resources = new Resources();
  private final ObjectStore store;
  private final Verbs verbs;
  private final Controllers controllers;

  /**
   * The options of a server.
   *
   * @param port TCP port; 0 selects any free port
   * @param history number of changes kept for watches that resume
   * @param bookmarkInterval time between two bookmarks of a watch that requested bookmarks
   */
  public record Options(int port, int history, Duration bookmarkInterval) {

    /**
     * Default options: any free port, and a history and a bookmark interval that suit most uses.
     */
    public static Options defaults() {
      return new Options(0, 10_000, Duration.ofMinutes(1));
    }

    /** These options with a fixed TCP port. */
    public Options onPort(int fixed) {
      return new Options(fixed, history, bookmarkInterval);
    }

    /** These options with another number of kept changes. */
    public Options keeping(int changes) {
      return new Options(port, changes, bookmarkInterval);
    }

    /** These options with another bookmark interval. */
    public Options withBookmarksEvery(Duration interval) {
      return new Options(port, history, interval);
    }
  }

  private ApiServer(Options options) {
    store = new ObjectStore(options.history());
    verbs = Verbs.over(store, resources);
    controllers = new Controllers(store, resources, verbs);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    connector = new ServerConnector(jetty, new HttpConnectionFactory(http));
    connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
    connector.setPort(options.port());
    connector.setIdleTimeout(0);
    jetty.addConnector(connector);
    jetty.setHandler(new Front(jetty, store, resources, verbs, options.bookmarkInterval()));
  }

  /**
   * Starts a server. The server answers requests when this method returns.
   *
   * @throws IllegalStateException when the server cannot start, e.g. because the port is in use
   */
  public static ApiServer start(Options options) {
    ApiServer server = new ApiServer(options);
    try {
      server.jetty.start();
    } catch (Exception e) {
      server.close();
      throw new IllegalStateException("the API server cannot start on port " + options.port(), e);
    }
    for (String name : NAMESPACES) {
      ObjectNode namespace = Json.object().put("apiVersion", "v1").put("kind", "Namespace");
      Metadata.of(namespace).put("name", name);
      server.create(namespace);
    }
    return server;
  }

  /**
   * Creates the objects in a YAML text, in the order of the text. The kind of a CRD is served at
   * once. A namespaced object without a namespace goes into {@code default}.
   *
   * @throws ApiException when an object is refused
   */
  public void install(String yaml) {
    Json.documents(yaml).forEach(this::create);
  }

  /**
   * Stores an object with its uid and its status, without validation: restores an object from the
   * storage of another server. Reads show it as a real server shows stored objects: with the
   * defaults of the current schema, and without fields that the schema does not know.
   *
   * @throws ApiException when the kind is not served
   */
  public void plant(ObjectNode object) {
    Resource resource =
        resources
            .findKind(object.path("apiVersion").asText(), object.path("kind").asText())
            .orElseThrow(ApiException::notServed);
    ObjectNode shown = object.deepCopy();
    List<String> unusedPaths = Pruning.apply(shown, resource.schema());
    Defaults.apply(shown, resource.schema());
    ObjectNode unused = store.put(Key.of(resource.storage().place(), shown), shown);
  }

  /** The address of the server, without a path. */
  public URI url() {
    return URI.create("http://" + connector.getHost() + ":" + connector.getLocalPort());
  }

  /** A kubeconfig for kubectl and other clients, as YAML. */
  public String kubeconfig() {
    return """
    apiVersion: v1
    kind: Config
    clusters:
      - name: darkroom
        cluster:
          server: %s
    contexts:
      - name: darkroom
        context:
          cluster: darkroom
          namespace: default
          user: developer
    users:
      - name: developer
        user: {}
    current-context: darkroom
    """
        .formatted(url());
  }

  /** Ends all watches and stops the server; waits until all its threads have ended. */
  @Override
  public void close() {
    controllers.close();
    try {
      jetty.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the API server did not stop", e);
    }
  }

  private void create(ObjectNode object) {
    Resource resource =
        resources
            .findKind(object.path("apiVersion").asText(), object.path("kind").asText())
            .orElseThrow(ApiException::notServed);
    String namespace =
        Metadata.namespace(object).isEmpty() ? "default" : Metadata.namespace(object);
    RequestTarget place =
        new RequestTarget(
            resource, resource.isNamespaced() ? namespace : "", "", RequestTarget.Part.MAIN);
    verbs.creation().create(place, object, WRITING);
  }
}
