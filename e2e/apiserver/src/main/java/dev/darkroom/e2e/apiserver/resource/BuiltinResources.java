package dev.darkroom.e2e.apiserver.resource;

import static dev.darkroom.e2e.apiserver.resource.Column.age;
import static dev.darkroom.e2e.apiserver.resource.Column.joined;
import static dev.darkroom.e2e.apiserver.resource.Column.path;
import static dev.darkroom.e2e.apiserver.resource.Column.size;
import static dev.darkroom.e2e.apiserver.resource.Column.text;
import static dev.darkroom.e2e.apiserver.resource.Column.wide;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.darkroom.e2e.apiserver.model.GroupResource;
import dev.darkroom.e2e.apiserver.model.Json;
import dev.darkroom.e2e.apiserver.model.JsonPath;
import dev.darkroom.e2e.apiserver.model.MetadataRules.NameRule;
import dev.darkroom.e2e.apiserver.resource.Resource.Scope;
import dev.darkroom.e2e.apiserver.resource.Resource.Trait;
import dev.darkroom.e2e.apiserver.schema.SchemaCompiler;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectRulesReview;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** One table of the kinds that the server serves without a CRD. */
public final class BuiltinResources {
  /** The resource of CRDs. */
  public static final GroupResource DEFINITIONS =
      new GroupResource("apiextensions.k8s.io", "customresourcedefinitions");

  /** The resource of namespaces. */
  public static final GroupResource NAMESPACES = new GroupResource("", "namespaces");

  private static final String RBAC = "rbac.authorization.k8s.io";
  private static final Set<Trait> PLAIN = EnumSet.of(Trait.UNCONDITIONAL_UPDATE);
  private static final Set<Trait> WITH_STATUS =
      EnumSet.of(Trait.UNCONDITIONAL_UPDATE, Trait.STATUS);

  private BuiltinResources() {}

  /** All built-in kinds. */
  public static List<Resource> all() {
    return List.of(
        new Kind("", Namespace.class, Scope.CLUSTER, WITH_STATUS)
            .shortNames("ns")
            .names(NameRule.LABEL)
            .columns(text("Status", path(".status.phase")), Column.AGE)
            .build(),
        new Kind("", ConfigMap.class, Scope.NAMESPACED, PLAIN)
            .shortNames("cm")
            .columns(text("Data", size("data", "binaryData")), Column.AGE)
            .build(),
        new Kind("", Secret.class, Scope.NAMESPACED, PLAIN)
            .columns(text("Type", path(".type")), text("Data", size("data")), Column.AGE)
            .selectable(Map.of("type", ".type"))
            .build(),
        new Kind("", ServiceAccount.class, Scope.NAMESPACED, PLAIN)
            .shortNames("sa")
            .columns(Column.AGE)
            .build(),
        new Kind("", PersistentVolumeClaim.class, Scope.NAMESPACED, WITH_STATUS)
            .shortNames("pvc")
            .columns(
                text("Status", path(".status.phase")),
                text("Volume", path(".spec.volumeName")),
                text("Capacity", path(".status.capacity.storage")),
                text("Access Modes", joined(".status.accessModes[*]")),
                text("StorageClass", path(".spec.storageClassName")),
                Column.AGE,
                wide("VolumeMode", path(".spec.volumeMode")))
            .build(),
        events("", Event.class).build(),
        events("events.k8s.io", io.fabric8.kubernetes.api.model.events.v1.Event.class)
            .storedAs(
                new Resource.Storage(
                    new GroupResource("", "events"),
                    "v1",
                    Map.of(
                        "regarding", "involvedObject",
                        "note", "message",
                        "reportingController", "reportingComponent",
                        "deprecatedSource", "source",
                        "deprecatedCount", "count",
                        "deprecatedFirstTimestamp", "firstTimestamp",
                        "deprecatedLastTimestamp", "lastTimestamp")))
            .build(),
        new Kind("coordination.k8s.io", Lease.class, Scope.NAMESPACED, EnumSet.noneOf(Trait.class))
            .columns(text("Holder", path(".spec.holderIdentity")), Column.AGE)
            .build(),
        new Kind(RBAC, Role.class, Scope.NAMESPACED, PLAIN)
            .names(NameRule.PATH_SEGMENT)
            .columns(Column.CREATED)
            .build(),
        new Kind(RBAC, ClusterRole.class, Scope.CLUSTER, PLAIN)
            .names(NameRule.PATH_SEGMENT)
            .columns(Column.CREATED)
            .build(),
        binding(RoleBinding.class, Scope.NAMESPACED),
        binding(ClusterRoleBinding.class, Scope.CLUSTER),
        new Kind(
                "apiextensions.k8s.io",
                CustomResourceDefinition.class,
                Scope.CLUSTER,
                EnumSet.of(Trait.STATUS, Trait.GENERATION))
            .shortNames("crd", "crds")
            .columns(Column.CREATED)
            .build(),
        review(SelfSubjectAccessReview.class),
        review(SelfSubjectRulesReview.class));
  }

  private static Kind events(String group, Class<?> model) {
    Map<String, String> selectable = new LinkedHashMap<>();
    String object = group.isEmpty() ? "involvedObject" : "regarding";
    for (String field :
        List.of("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath")) {
      selectable.put(object + "." + field, "." + object + "." + field);
    }
    selectable.put("reason", ".reason");
    selectable.put("type", ".type");
    selectable.put("reportingComponent", ".reportingComponent");
    String deprecated = group.isEmpty() ? ".lastTimestamp" : ".deprecatedLastTimestamp";
    String first = group.isEmpty() ? ".firstTimestamp" : ".deprecatedFirstTimestamp";
    return new Kind(group, model, Scope.NAMESPACED, PLAIN)
        .shortNames("ev")
        .selectable(selectable)
        .columns(
            text("Last Seen", age(".series.lastObservedTime", deprecated, first, ".eventTime")),
            text("Type", path(".type")),
            text("Reason", path(".reason")),
            text("Object", subject(object)),
            text("Message", path(group.isEmpty() ? ".message" : ".note")),
            wide("Source", path(group.isEmpty() ? ".source.component" : ".reportingController")),
            wide("First Seen", age(first, ".eventTime")),
            wide("Count", path(group.isEmpty() ? ".count" : ".deprecatedCount", "1")),
            wide("Name", path(".metadata.name")));
  }

  private static Resource binding(Class<?> model, Scope scope) {
    return new Kind(RBAC, model, scope, PLAIN)
        .names(NameRule.PATH_SEGMENT)
        .columns(
            text(
                "Role",
                object ->
                    TextNode.valueOf(
                        Json.at(object, "roleRef", "kind").asText()
                            + "/"
                            + Json.at(object, "roleRef", "name").asText())),
            Column.AGE,
            wide("Users", joined(".subjects[?(@.kind==\"User\")].name")),
            wide("Groups", joined(".subjects[?(@.kind==\"Group\")].name")),
            wide("ServiceAccounts", joined(".subjects[?(@.kind==\"ServiceAccount\")].name")))
        .build();
  }

  private static Resource review(Class<?> model) {
    return new Kind("authorization.k8s.io", model, Scope.CLUSTER, EnumSet.of(Trait.REVIEW)).build();
  }

  private static Function<ObjectNode, JsonNode> subject(String field) {
    return object -> {
      JsonNode about = object.path(field);
      return TextNode.valueOf(
          about.path("kind").asText().toLowerCase(Locale.ROOT) + "/" + about.path("name").asText());
    };
  }

  /** Builds one row of the table. */
  private static final class Kind {
    private final GroupResource id;
    private final Class<?> model;
    private final Scope scope;
    private final Set<Trait> traits;
    private List<String> shortNames = List.of();
    private NameRule names = NameRule.SUBDOMAIN;
    private List<Column> columns = List.of(Column.AGE);
    private Map<String, String> selectable = Map.of();
    private Resource.Storage storage;

    Kind(String group, Class<?> model, Scope scope, Set<Trait> traits) {
      this.model = model;
      this.id = new GroupResource(group, singular() + "s");
      this.scope = scope;
      this.traits = traits;
      this.storage = new Resource.Storage(id, group.isEmpty() ? "v1" : group + "/v1", Map.of());
    }

    Kind shortNames(String... shorts) {
      shortNames = List.of(shorts);
      return this;
    }

    Kind names(NameRule rule) {
      names = rule;
      return this;
    }

    Kind columns(Column... afterName) {
      columns = List.of(afterName);
      return this;
    }

    Kind selectable(Map<String, String> fields) {
      selectable = fields;
      return this;
    }

    Kind storedAs(Resource.Storage elsewhere) {
      storage = elsewhere;
      return this;
    }

    Resource build() {
      ObjectNode openApi = ModelSchemas.of(model);
      openApi.put("description", "A built-in kind; the Kubernetes API reference describes it.");
      Map<String, JsonPath> paths = new LinkedHashMap<>();
      selectable.forEach((field, path) -> paths.put(field, JsonPath.compile(path)));
      List<Column> all = new java.util.ArrayList<>(columns);
      all.add(0, Column.NAME);
      return new Resource(
          new Resource.Names(id, model.getSimpleName(), singular(), shortNames, List.of()),
          "v1",
          scope,
          names,
          traits,
          storage,
          SchemaCompiler.compile(openApi, "").schema(),
          openApi,
          all,
          paths);
    }

    private String singular() {
      return model.getSimpleName().toLowerCase(Locale.ROOT);
    }
  }
}
