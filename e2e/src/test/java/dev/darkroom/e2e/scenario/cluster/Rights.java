package dev.darkroom.e2e.scenario.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Which of the rights that the chart gives to the operator were made use of, as {@code verb
 * group/resource}. One that no scenario needs is one too many: without it none would fail.
 */
public final class Rights implements Interceptor {

  private static final Set<String> USED = new ConcurrentSkipListSet<>();

  /** Those that the API server itself asks for: in admission policies, and of who gives rights. */
  private static final Set<String> ASKED_BY_THE_SERVER =
      Set.of(
          "operate darkroom.dev/images",
          "get darkroom.dev/images/content",
          "update darkroom.dev/images/finalizers",
          "update darkroom.dev/imageimports/finalizers",
          "update darkroom.dev/imagemembers/finalizers");

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    of(request.method(), request.uri()).ifPresent(USED::add);
  }

  /** Those that were given, and that nobody has used so far in this run. */
  static Set<String> unused(Path roles) throws IOException {
    Set<String> rights = new TreeSet<>();
    for (String document : Files.readString(roles).split("(?m)^---$")) {
      HasMetadata role = Serialization.unmarshal(document, HasMetadata.class);
      List<PolicyRule> rules =
          role instanceof ClusterRole wide ? wide.getRules() : ((Role) role).getRules();
      rules.forEach(rule -> rights.addAll(of(rule)));
    }
    rights.removeAll(USED);
    rights.removeAll(ASKED_BY_THE_SERVER);
    return rights;
  }

  private static List<String> of(PolicyRule rule) {
    List<String> rights = new ArrayList<>();
    for (String group : rule.getApiGroups()) {
      for (String resource : rule.getResources()) {
        rule.getVerbs().forEach(verb -> rights.add(verb + " " + group + "/" + resource));
      }
    }
    return rights;
  }

  /** Empty for what is no resource, such as discovery. */
  private static Optional<String> of(String method, URI uri) {
    List<String> path = new ArrayList<>(List.of(uri.getPath().substring(1).split("/")));
    boolean core = path.remove(0).equals("api");
    if (path.size() < (core ? 2 : 3)) {
      return Optional.empty();
    }
    String group = core ? "" : path.remove(0);
    path.remove(0);
    if (path.get(0).equals("namespaces") && path.size() > 2) {
      path.subList(0, 2).clear();
    }
    boolean one = path.size() > 1;
    String resource = path.size() > 2 ? path.get(0) + "/" + path.get(2) : path.get(0);
    return Optional.of(verb(method, one, uri) + " " + group + "/" + resource);
  }

  private static String verb(String method, boolean one, URI uri) {
    String query = uri.getQuery() == null ? "" : uri.getQuery();
    return switch (method) {
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> one ? "delete" : "deletecollection";
      default -> query.contains("watch=true") ? "watch" : one ? "get" : "list";
    };
  }
}
