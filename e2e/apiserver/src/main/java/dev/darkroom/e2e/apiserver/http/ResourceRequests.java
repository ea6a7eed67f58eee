package dev.darkroom.e2e.apiserver.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.e2e.apiserver.model.ApiException;
import dev.darkroom.e2e.apiserver.model.Metadata;
import dev.darkroom.e2e.apiserver.resource.Resource;
import dev.darkroom.e2e.apiserver.resource.Resource.Trait;
import dev.darkroom.e2e.apiserver.resource.Resources;
import dev.darkroom.e2e.apiserver.verbs.Deletion;
import dev.darkroom.e2e.apiserver.verbs.Reading;
import dev.darkroom.e2e.apiserver.verbs.RequestTarget;
import dev.darkroom.e2e.apiserver.verbs.RequestTarget.Part;
import dev.darkroom.e2e.apiserver.verbs.Verbs;
import dev.darkroom.e2e.apiserver.verbs.WriteOptions;
import dev.darkroom.e2e.apiserver.verbs.Written;
import java.util.List;
import java.util.Locale;

/**
 * Answers requests about objects: selects the verb by method and path, and turns the result of the
 * verb into an answer.
 */
final class ResourceRequests {
  private final Resources resources;
  private final Verbs verbs;

  ResourceRequests(Resources resources, Verbs verbs) {
    this.resources = resources;
    this.verbs = verbs;
  }

  /** Reads the body of a request; called only for verbs with a body. */
  interface BodyReader {
    Body read();
  }

  /**
   * The target of a path.
   *
   * @throws ApiException 404 when the resource is not served
   */
  RequestTarget target(RequestPath path) {
    Resource resource =
        resources
            .find(path.group(), path.version(), path.plural())
            .orElseThrow(ApiException::notServed);
    boolean status = path.subresource().equals("status") && resource.has(Trait.STATUS);
    if (!path.subresource().isEmpty() && !status) {
      throw ApiException.notServed();
    }
    if (!resource.isNamespaced() && !path.namespace().isEmpty()) {
      throw ApiException.notServed();
    }
    return new RequestTarget(
        resource, path.namespace(), path.name(), status ? Part.STATUS : Part.MAIN);
  }

  /**
   * Answers a request other than a watch.
   *
   * @throws ApiException when the request is refused
   */
  Answer answer(
      String method,
      RequestTarget target,
      Parameters parameters,
      Representation representation,
      BodyReader body) {
    boolean collection = target.name().isEmpty();
    boolean placed =
        collection || !target.resource().isNamespaced() || !target.namespace().isEmpty();
    if (!placed) {
      throw ApiException.notServed();
    }
    if (target.resource().has(Trait.REVIEW) && !(method.equals("POST") && collection)) {
      throw ApiException.methodNotAllowed(target.resource().id(), verb(method));
    }
    return switch (method + (collection ? " all" : "")) {
      case "GET" -> ok(target, representation, verbs.reading().get(target));
      case "GET all" -> list(target, parameters, representation);
      case "POST all" -> create(target, parameters, representation, body);
      case "PUT" ->
          written(
              target,
              representation,
              verbs.updates().update(target, body.read().object(), parameters.writing()));
      case "PATCH" -> patch(target, parameters, representation, body.read());
      case "DELETE" -> delete(target, parameters, representation, body);
      case "DELETE all" -> deleteAll(target, parameters, representation, body);
      default -> throw ApiException.methodNotAllowed(target.resource().id(), verb(method));
    };
  }

  private Answer list(RequestTarget target, Parameters parameters, Representation representation) {
    return Answer.of(200, representation.list(target.resource(), page(target, parameters)));
  }

  private Reading.Page page(RequestTarget target, Parameters parameters) {
    boolean exact = parameters.text("resourceVersionMatch").filter("Exact"::equals).isPresent();
    long asked = parameters.number("resourceVersion");
    return verbs
        .reading()
        .list(
            new Reading.Query(
                target,
                parameters.selected(target.resource()),
                (int) parameters.number("limit"),
                parameters.text("continue").orElse(""),
                exact ? 0 : asked));
  }

  private Answer create(
      RequestTarget target, Parameters parameters, Representation representation, BodyReader body) {
    if (target.resource().isNamespaced() && target.namespace().isEmpty()) {
      throw ApiException.notServed();
    }
    return written(
        target,
        representation,
        verbs.creation().create(target, body.read().object(), parameters.writing()));
  }

  private Answer patch(
      RequestTarget target, Parameters parameters, Representation representation, Body body) {
    Written written =
        body.isApply()
            ? verbs.updates().apply(target, body.yaml(), parameters.applying())
            : verbs.updates().patch(target, body.patch(target.resource()), parameters.writing());
    return written(target, representation, written);
  }

  private Answer delete(
      RequestTarget target, Parameters parameters, Representation representation, BodyReader body) {
    if (target.part() == Part.STATUS) {
      throw ApiException.methodNotAllowed(target.resource().id(), "delete");
    }
    ObjectNode left = verbs.deletion().delete(target, deletion(parameters, body));
    return left.path("kind").asText().equals("Status")
        ? Answer.of(200, left)
        : ok(target, representation, left);
  }

  private Answer deleteAll(
      RequestTarget target, Parameters parameters, Representation representation, BodyReader body) {
    Deletion.Options options = deletion(parameters, body);
    Reading.Page page = page(target, parameters);
    for (ObjectNode object : page.objects()) {
      RequestTarget each =
          new RequestTarget(
              target.resource(), Metadata.namespace(object), Metadata.name(object), Part.MAIN);
      try {
        verbs.deletion().delete(each, options);
      } catch (ApiException e) {
        if (e.code() != 404) {
          throw e;
        }
      }
    }
    return Answer.of(200, representation.list(target.resource(), page));
  }

  private static Deletion.Options deletion(Parameters parameters, BodyReader body) {
    JsonNode options = body.read().options();
    boolean dry = options.path("dryRun").toString().contains("All");
    return Deletion.Options.of(
        options,
        dry ? WriteOptions.Persistence.DRY_RUN : parameters.persistence(),
        parameters.text("propagationPolicy"));
  }

  private static Answer written(
      RequestTarget target, Representation representation, Written written) {
    int code = written.outcome() == Written.Outcome.CREATED ? 201 : 200;
    ObjectNode shown =
        target.resource().has(Trait.REVIEW)
            ? written.body()
            : representation.object(target.resource(), written.body());
    return Answer.of(code, shown, written.warnings());
  }

  private static Answer ok(RequestTarget target, Representation representation, ObjectNode object) {
    return Answer.of(200, representation.object(target.resource(), object), List.of());
  }

  private static String verb(String method) {
    return switch (method) {
      case "POST" -> "create";
      case "PUT" -> "update";
      default -> method.toLowerCase(Locale.ROOT);
    };
  }

  static boolean isWatch(String method, Parameters parameters) {
    return method.equals("GET") && parameters.isSet("watch");
  }
}
