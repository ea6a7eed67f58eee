package dev.darkroom.e2e.scenario;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Someone who asks things of the API server. What they may is what the default roles say, for
 * namespaces that stand for two tenants: the owner of images, and one who may become a member.
 */
enum Person {
  /** Looks at the owner's namespace. */
  VIEWER(Map.of(Place.OWNER, "view")),
  /** Works in the owner's namespace. */
  EDITOR(Map.of(Place.OWNER, "edit")),
  /** Runs the owner's namespace. */
  ADMIN(Map.of(Place.OWNER, "admin")),
  /** Looks at the member's namespace; was let at the offers all the same. */
  MEMBER_VIEWER(Map.of(Place.MEMBER, "view")),
  /** Works in the member's namespace, and so is let at the offers. */
  MEMBER(Map.of(Place.MEMBER, "edit")),
  /** Works in both. */
  BOTH(Map.of(Place.OWNER, "edit", Place.MEMBER, "edit")),
  /** Has an account, and no role anywhere. */
  STRANGER(Map.of()),
  /** Has every verb that Kubernetes knows, and none of Darkroom's own. */
  STRONGMAN(Map.of(Place.CLUSTER, "every-common-verb")),
  /** The operator, with what it is given and nothing else. */
  OPERATOR(Map.of(Place.CLUSTER, "darkroom-operator")),
  /** Part of Kubernetes, which has bound it. */
  GARBAGE_COLLECTOR(Map.of()),
  CLUSTER_ADMIN(Map.of(Place.CLUSTER, "cluster-admin"));

  /** Where somebody has a role. */
  enum Place {
    OWNER,
    MEMBER,
    CLUSTER
  }

  private static final String SERVICE_ACCOUNT = "system:serviceaccount:";

  @SuppressWarnings("ImmutableEnumChecker") // Made by Map.of, which never changes.
  private final Map<Place, String> roles;

  Person(Map<Place, String> roles) {
    this.roles = roles;
  }

  /** The cluster roles that they are bound to. */
  Map<Place, String> roles() {
    return roles;
  }

  /** As the API server knows them. */
  String user() {
    return switch (this) {
      case OPERATOR -> SERVICE_ACCOUNT + "darkroom-system:darkroom";
      case GARBAGE_COLLECTOR -> SERVICE_ACCOUNT + "kube-system:generic-garbage-collector";
      default -> toString();
    };
  }

  /** Groups that everybody with an account is in. */
  static List<String> groups() {
    return List.of("system:authenticated");
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
