package dev.darkroom.e2e.scenario.access;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Users of the API server with the default roles, for the namespaces of two tenants: the owner of
 * images and a member.
 */
enum TestUser {
  /** Role view in the owner's namespace. */
  VIEWER(Map.of(Place.OWNER, "view")),
  /** Role edit in the owner's namespace. */
  EDITOR(Map.of(Place.OWNER, "edit")),
  /** Role admin in the owner's namespace. */
  ADMIN(Map.of(Place.OWNER, "admin")),
  /** Role view in the member's namespace; also bound to the offers. */
  MEMBER_VIEWER(Map.of(Place.MEMBER, "view")),
  /** Role edit in the member's namespace; bound to the offers. */
  MEMBER(Map.of(Place.MEMBER, "edit")),
  /** Role edit in both namespaces. */
  BOTH(Map.of(Place.OWNER, "edit", Place.MEMBER, "edit")),
  /** Authenticated, without roles. */
  STRANGER(Map.of()),
  /** All common verbs of Kubernetes, none of Darkroom's own verbs. */
  ALL_COMMON_VERBS(Map.of(Place.CLUSTER, "every-common-verb")),
  /** The operator's ServiceAccount with the chart's roles. */
  OPERATOR(Map.of(Place.CLUSTER, "darkroom-operator")),
  /** The garbage collector, bound by Kubernetes. */
  GARBAGE_COLLECTOR(Map.of()),
  CLUSTER_ADMIN(Map.of(Place.CLUSTER, "cluster-admin"));

  /** The scope of a role binding. */
  enum Place {
    OWNER,
    MEMBER,
    CLUSTER
  }

  private static final String SERVICE_ACCOUNT = "system:serviceaccount:";

  @SuppressWarnings("ImmutableEnumChecker") // Created by Map.of, therefore immutable.
  private final Map<Place, String> roles;

  TestUser(Map<Place, String> roles) {
    this.roles = roles;
  }

  /** The bound cluster roles. */
  Map<Place, String> roles() {
    return roles;
  }

  /** The user name at the API server. */
  String user() {
    return switch (this) {
      case OPERATOR -> SERVICE_ACCOUNT + "darkroom-system:darkroom";
      case GARBAGE_COLLECTOR -> SERVICE_ACCOUNT + "kube-system:generic-garbage-collector";
      default -> toString();
    };
  }

  /** The groups of every authenticated user. */
  static List<String> groups() {
    return List.of("system:authenticated");
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
