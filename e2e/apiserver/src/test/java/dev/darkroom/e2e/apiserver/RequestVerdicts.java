package dev.darkroom.e2e.apiserver;

import static dev.darkroom.e2e.apiserver.Widgets.PATH;
import static dev.darkroom.e2e.apiserver.Widgets.path;
import static dev.darkroom.e2e.apiserver.Widgets.widget;
import static dev.darkroom.e2e.apiserver.Widgets.withMetadata;
import static dev.darkroom.e2e.apiserver.Widgets.withSpec;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A table of requests and the expected answers of an API server. The table needs no test framework
 * and can check a real server, too: run {@link #main} with a kubeconfig. Both servers must give the
 * same answers; the wording is that of Kubernetes 1.36.
 */
final class RequestVerdicts {
  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

  private RequestVerdicts() {}

  /**
   * A request and the expected answer.
   *
   * @param name name of the checked behaviour
   * @param method HTTP method
   * @param path path and query
   * @param mediaType media type of the body
   * @param body the body
   * @param code expected status code
   * @param says expected part of the answer
   */
  record Verdict(
      String name,
      String method,
      String path,
      String mediaType,
      String body,
      int code,
      String says) {

    /** The difference between actual and expected answer; empty when there is none. */
    Optional<String> complaint(Calls calls) {
      Calls.Reply reply = calls.send(method, path, mediaType, body);
      return reply.code() == code
              && (reply.message().contains(says) || reply.body().toString().contains(says))
          ? Optional.empty()
          : Optional.of(name + ": wanted " + code + " " + says + ", got " + reply);
    }
  }

  /** Creates the objects that the table needs, if they do not exist yet. */
  static void prepare(Calls calls) {
    calls.send(
        "PATCH",
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.dev"
            + "?fieldManager=verdicts",
        Calls.APPLY,
        Widgets.definition());
    await(() -> calls.get(PATH).code() == 200);
    calls.post(PATH, widget("steady", "\"colour\":\"red\",\"size\":3"));
    calls.post(
        CONFIG_MAPS,
        """
        {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"stone"},"immutable":true,
         "data":{"a":"b"}}""");
    calls.delete(path("unborn"));
  }

  /** Checks the server of a kubeconfig file; exits with 1 when an answer differs. */
  public static void main(String[] arguments) throws Exception {
    int wrong = 0;
    try (Calls calls = new Calls(Files.readString(Path.of(arguments[0])))) {
      prepare(calls);
      for (Verdict verdict : table()) {
        Optional<String> complaint = verdict.complaint(calls);
        System.out.println(complaint.orElse(verdict.name() + ": ok"));
        wrong += complaint.isPresent() ? 1 : 0;
      }
    }
    System.exit(wrong == 0 ? 0 : 1);
  }

  static List<Verdict> table() {
    List<Verdict> table = new ArrayList<>();
    table.addAll(specs());
    table.addAll(creations());
    table.addAll(changes());
    table.addAll(queries());
    return table;
  }

  private static List<Verdict> specs() {
    return List.of(
        spec("a null that is not allowed is dropped", "\"label\":null", 201, "\"size\":7"),
        spec("nested defaults", "\"ports\":[{\"name\":\"a\"}]", 201, "\"port\":80"),
        spec("a nullable null stays", "\"note\":null", 201, "\"note\":null"),
        spec("preserved unknown fields", "\"extra\":{\"a\":{\"b\":1}}", 201, "\"b\":1"),
        spec("maxLength", "\"label\":\"aaaaaaaaa\"", 422, "Too long: may not be more than 8 bytes"),
        spec("minLength", "\"label\":\"x\"", 422, "should be at least 2 chars long"),
        spec("pattern", "\"label\":\"x1\"", 422, "spec.label in body should match '^[a-z]+$'"),
        spec("minimum", "\"size\":0", 422, "should be greater than or equal to 1"),
        spec("maximum", "\"size\":101", 422, "should be less than or equal to 100"),
        spec(
            "type",
            "\"size\":\"7\"",
            422,
            "Invalid value: \"string\": spec.size in body must be of type integer: \"string\""),
        spec("int or string", "\"limit\":true", 422, "must be of type integer,string: \"boolean\""),
        spec("enum", "\"colour\":\"pink\"", 422, "supported values: \"red\", \"green\", \"blue\""),
        spec("format", "\"expires\":\"soon\"", 422, "must be of type date-time"),
        spec(
            "maxItems",
            "\"tags\":[\"a\",\"b\",\"c\",\"d\"]",
            422,
            "Too many: 4: must have at most 3"),
        spec(
            "maxProperties",
            "\"properties\":{\"a\":\"\",\"b\":\"\",\"c\":\"\"}",
            422,
            "Too many: 3"),
        spec(
            "values of a map",
            "\"properties\":{\"a\":1}",
            422,
            "spec.properties.a in body must be"),
        spec("a set", "\"tags\":[\"a\",\"a\"]", 422, "spec.tags[1]: Duplicate value: \"a\""),
        spec(
            "a keyed list",
            "\"ports\":[{\"name\":\"p\"},{\"name\":\"p\"}]",
            422,
            "spec.ports[1]: Dup"),
        spec("required in a list", "\"ports\":[{\"port\":1}]", 422, "spec.ports[0].name: Required"),
        spec("a computed message", "\"homepage\":\"http://x\"", 422, "an https URL, not http://x"),
        spec("a URL", "\"homepage\":\"https://x\"", 201, "https://x"),
        spec("a small quantity", "\"limit\":\"1\"", 422, "limit must be more than 1Ki"),
        spec("a quantity", "\"limit\":\"2Ki\"", 201, "2Ki"),
        spec("an integer", "\"limit\":5", 201, "\"limit\":5"));
  }

  private static List<Verdict> creations() {
    String web = "\"source\":{\"web\":{\"url\":\"x\"}}";
    return List.of(
        create(
            "no member of a union",
            withSpec("\"name\":\"unborn\"", "\"source\":{}"),
            422,
            "Forbidden: exactly one of web and s3 must be set"),
        create(
            "both members of a union",
            withSpec("\"name\":\"unborn\"", "\"source\":{\"web\":{\"url\":\"x\"},\"s3\":{}}"),
            422,
            "spec.source: Forbidden"),
        create(
            "required",
            withSpec("\"name\":\"unborn\"", "\"size\":3"),
            422,
            "spec.source: Required value"),
        create(
            "an invalid object skips validation rules",
            withSpec("\"name\":\"unborn\"", "\"size\":3"),
            422,
            "some validation rules were not checked because the object was invalid"),
        create(
            "a name with capital letters",
            withMetadata("\"name\":\"B_\"", ""),
            422,
            "a lowercase RFC 1123 subdomain must consist of"),
        create("no name", withMetadata("", ""), 422, "name or generateName is required"),
        create(
            "a generated name",
            withMetadata("\"generateName\":\"gen-\"", ""),
            201,
            "\"name\":\"gen-"),
        create(
            "a bad label",
            withMetadata("\"name\":\"unborn\",\"labels\":{\"a b\":\"c\"}", ""),
            422,
            "name part must consist of alphanumeric"),
        create(
            "a bad finalizer",
            withMetadata("\"name\":\"unborn\",\"finalizers\":[\"x y\"]", ""),
            422,
            "metadata.finalizers"),
        create(
            "an owner without UID",
            withMetadata(
                "\"name\":\"unborn\",\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"name\":\"x\",\"uid\":\"\"}]",
                ""),
            422,
            "metadata.ownerReferences.uid"),
        create(
            "another namespace",
            withMetadata("\"name\":\"unborn\",\"namespace\":\"x\"", ""),
            400,
            "the namespace of the provided object does not match"),
        create(
            "a resource version",
            withMetadata("\"name\":\"unborn\",\"resourceVersion\":\"4\"", ""),
            500,
            "resourceVersion should not be set"),
        create(
            "a name that exists already",
            widget("steady"),
            409,
            "widgets.example.dev \"steady\" already exists"),
        create(
            "another kind",
            widget("unborn").replace("Widget", "Widgt"),
            422,
            "kind: Invalid value: \"Widgt\": must be Widget"),
        create(
            "another version",
            widget("unborn").replace("/v1", "/v2"),
            400,
            "does not match the expected API version"),
        create("no object", "{}", 400, "is missing"),
        create("malformed JSON", "{\"apiVersion\"", 400, "json parse error"),
        new Verdict(
            "an unknown field under strict validation",
            "POST",
            PATH + "?fieldValidation=Strict",
            Calls.JSON,
            widget("unborn", "\"bogus\":1"),
            400,
            "strict decoding error: unknown field \"spec.bogus\""),
        new Verdict(
            "a namespace that does not exist",
            "POST",
            "/apis/example.dev/v1/namespaces/nowhere/widgets",
            Calls.JSON,
            withSpec("\"name\":\"unborn\"", web),
            404,
            "namespaces \"nowhere\" not found"),
        new Verdict(
            "a body in an unknown format",
            "POST",
            PATH,
            "text/plain",
            "x",
            415,
            "the body of the request was in an unknown format"),
        new Verdict(
            "a ConfigMap of numbers",
            "POST",
            CONFIG_MAPS,
            Calls.JSON,
            "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"unborn\"},\"data\":{\"a\":1}}",
            400,
            "cannot be handled as a ConfigMap"),
        new Verdict(
            "an unknown field of a built-in kind under strict validation",
            "POST",
            CONFIG_MAPS + "?fieldValidation=Strict",
            Calls.JSON,
            "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"unborn\"},\"dota\":{}}",
            400,
            "unknown field \"dota\""));
  }

  private static List<Verdict> changes() {
    return List.of(
        merge(
            "a transition rule",
            "{\"spec\":{\"colour\":\"green\"}}",
            422,
            "spec.colour: Invalid value: \"green\": colour is immutable"),
        merge(
            "a field that must not be removed",
            "{\"spec\":{\"colour\":null}}",
            422,
            "spec: Invalid value: colour cannot be removed"),
        merge(
            "another UID",
            "{\"metadata\":{\"uid\":\"x\"}}",
            422,
            "metadata.uid: Invalid value: \"x\": field is immutable"),
        merge(
            "another name",
            "{\"metadata\":{\"name\":\"q\"}}",
            400,
            "does not match the name on the URL"),
        merge(
            "an old resource version",
            "{\"metadata\":{\"resourceVersion\":\"1\"}}",
            409,
            "the object has been modified"),
        patch(
            "strategic merge of a custom resource",
            Calls.STRATEGIC,
            "{}",
            415,
            "accepted media types include: application/json-patch+json"),
        patch("not a patch media type", Calls.JSON, "{}", 415, "unknown format"),
        patch(
            "a JSON patch with a failing test",
            Calls.JSON_PATCH,
            "[{\"op\":\"test\",\"path\":\"/spec/size\",\"value\":9}]",
            422,
            "the server rejected our request"),
        patch(
            "a JSON patch of an absent path",
            Calls.JSON_PATCH,
            "[{\"op\":\"remove\",\"path\":\"/spec/nope\"}]",
            422,
            "the server rejected our request"),
        patch("a JSON patch without a list", Calls.JSON_PATCH, "{}", 400, "error decoding patch"),
        patch(
            "an apply without a manager",
            Calls.APPLY,
            Widgets.configuration("steady", "\"size\":4"),
            422,
            "is required for apply patch"),
        new Verdict(
            "an apply against another manager",
            "PATCH",
            path("steady") + "?fieldManager=bob",
            Calls.APPLY,
            Widgets.configuration("steady", "\"size\":4"),
            409,
            "Apply failed with 1 conflict: conflict with \"calls\" using example.dev/v1: .spec.size"),
        new Verdict(
            "an apply against another manager, two fields",
            "PATCH",
            path("steady") + "?fieldManager=bob",
            Calls.APPLY,
            Widgets.configuration("steady", "\"size\":4,\"colour\":\"blue\""),
            409,
            "Apply failed with 2 conflicts: conflicts with \"calls\" using example.dev/v1:"),
        new Verdict(
            "a PUT without a resource version",
            "PUT",
            path("steady"),
            Calls.JSON,
            widget("steady"),
            422,
            "metadata.resourceVersion: Invalid value: 0: must be specified for an update"),
        new Verdict(
            "a PUT of an old state",
            "PUT",
            path("steady"),
            Calls.JSON,
            withMetadata("\"name\":\"steady\",\"resourceVersion\":\"1\"", ""),
            409,
            "the object has been modified"),
        new Verdict(
            "a PUT of an old status",
            "PUT",
            path("steady") + "/status",
            Calls.JSON,
            withMetadata("\"name\":\"steady\",\"resourceVersion\":\"1\"", ""),
            409,
            "the object has been modified"),
        new Verdict(
            "a PUT of an absent object",
            "PUT",
            path("nobody"),
            Calls.JSON,
            withMetadata("\"name\":\"nobody\",\"resourceVersion\":\"1\"", ""),
            404,
            "widgets.example.dev \"nobody\" not found"),
        new Verdict(
            "a status of another type",
            "PATCH",
            path("steady") + "/status",
            Calls.MERGE,
            "{\"status\":{\"phase\":3}}",
            422,
            "must be of type string"),
        new Verdict(
            "an immutable ConfigMap",
            "PATCH",
            CONFIG_MAPS + "/stone",
            Calls.MERGE,
            "{\"data\":{\"a\":\"c\"}}",
            422,
            "field is immutable when `immutable` is set"),
        new Verdict(
            "a delete of another UID",
            "DELETE",
            path("steady"),
            Calls.JSON,
            "{\"preconditions\":{\"uid\":\"x\"}}",
            409,
            "the UID in the precondition (x) does not match"),
        new Verdict(
            "a delete of an old state",
            "DELETE",
            path("steady"),
            Calls.JSON,
            "{\"preconditions\":{\"resourceVersion\":\"1\"}}",
            409,
            "the ResourceVersion in the precondition (1) does not match"),
        new Verdict(
            "an unknown propagation",
            "DELETE",
            path("steady"),
            Calls.JSON,
            "{\"propagationPolicy\":\"Maybe\"}",
            422,
            "propagationPolicy: Unsupported value: \"Maybe\""));
  }

  private static List<Verdict> queries() {
    return List.of(
        get("an unknown object", path("nobody"), 404, "widgets.example.dev \"nobody\" not found"),
        get("an unknown resource", "/apis/example.dev/v1/gizmos", 404, ""),
        get("an unknown subresource", path("steady") + "/scale", 404, "not f"),
        get(
            "a bad label selector",
            PATH + "?labelSelector=a%20b",
            400,
            "unable to parse requirement"),
        get(
            "an unsupported field selector",
            PATH + "?fieldSelector=spec.size%3D3",
            400,
            "field label not supported: spec.size"),
        get("a field selector", PATH + "?fieldSelector=spec.colour%3Dred", 200, "\"steady\""),
        get("a non-numeric limit", PATH + "?limit=x", 400, "strconv.ParseInt: parsing \"x\""),
        get("a bad continue token", PATH + "?continue=x", 400, "continue key is not valid"),
        get(
            "a resource version that is not reached yet",
            PATH + "?resourceVersion=99999999&resourceVersionMatch=NotOlderThan",
            504,
            "Too large resource version"),
        get(
            "a watch from an expired version",
            PATH + "?watch=true&resourceVersion=1&timeoutSeconds=1",
            200,
            ""),
        get(
            "initial events without a version match",
            PATH + "?watch=true&sendInitialEvents=true",
            422,
            "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"));
  }

  private static Verdict spec(String name, String spec, int code, String says) {
    return new Verdict(
        name, "POST", PATH + "?dryRun=All", Calls.JSON, widget("unborn", spec), code, says);
  }

  private static Verdict create(String name, String body, int code, String says) {
    return new Verdict(
        name, "POST", PATH + (code == 201 ? "?dryRun=All" : ""), Calls.JSON, body, code, says);
  }

  private static Verdict merge(String name, String body, int code, String says) {
    return patch(name, Calls.MERGE, body, code, says);
  }

  private static Verdict patch(String name, String mediaType, String body, int code, String says) {
    return new Verdict(name, "PATCH", path("steady"), mediaType, body, code, says);
  }

  private static Verdict get(String name, String path, int code, String says) {
    return new Verdict(name, "GET", path, Calls.JSON, "", code, says);
  }

  private static void await(java.util.concurrent.Callable<Boolean> condition) {
    org.awaitility.Awaitility.await().until(condition);
  }
}
