package dev.darkroom.e2e.apiserver.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The refusal of a request: an HTTP status code, and the {@code Status} object for Kubernetes
 * clients (apimachinery, {@code api/errors}).
 */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;
  private final transient ObjectNode status;

  private ApiException(int code, String reason, String message, ObjectNode details) {
    super(message);
    this.code = code;
    this.status = Json.object().put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    status.put("status", "Failure").put("message", message).put("reason", reason);
    if (!details.isEmpty()) {
      status.set("details", details);
    }
    status.put("code", code);
  }

  /** The HTTP status code. */
  public int code() {
    return code;
  }

  /** The body of the answer. */
  public ObjectNode status() {
    return status;
  }

  /** 400: an invalid request. */
  public static ApiException badRequest(String message) {
    return new ApiException(400, "BadRequest", message, Json.object());
  }

  /** 403: the state of the server does not allow the request. */
  public static ApiException forbidden(GroupResource resource, String name, String why) {
    return new ApiException(
        403, "Forbidden", resource.quoted(name) + " is forbidden: " + why, details(resource, name));
  }

  /** 404: a kind or a path that is not served. */
  public static ApiException notServed() {
    return new ApiException(
        404, "NotFound", "the server could not find the requested resource", Json.object());
  }

  /** 404: no such object. */
  public static ApiException notFound(GroupResource resource, String name) {
    return new ApiException(
        404, "NotFound", resource.quoted(name) + " not found", details(resource, name));
  }

  /** 405: a verb that the resource does not support. */
  public static ApiException methodNotAllowed(GroupResource resource, String verb) {
    return new ApiException(
        405,
        "MethodNotAllowed",
        verb + " is not supported on resources of kind \"" + resource + "\"",
        details(resource, ""));
  }

  /** 406: the client accepts none of the supported representations. */
  public static ApiException notAcceptable() {
    return new ApiException(
        406,
        "NotAcceptable",
        "only the following media types are accepted: application/json",
        Json.object());
  }

  /** 409: an object of this name exists already. */
  public static ApiException alreadyExists(GroupResource resource, String name) {
    return new ApiException(
        409, "AlreadyExists", resource.quoted(name) + " already exists", details(resource, name));
  }

  /** 409: another write was earlier, or a precondition does not hold. */
  public static ApiException conflict(GroupResource resource, String name, String why) {
    return new ApiException(
        409,
        "Conflict",
        "Operation cannot be fulfilled on " + resource.quoted(name) + ": " + why,
        details(resource, name));
  }

  /** 410: a resource version or a continue token that is older than the kept history. */
  public static ApiException expired(String message) {
    return new ApiException(410, "Expired", message, Json.object());
  }

  /** 413: a body above the size limit. */
  public static ApiException tooLarge(long limit) {
    return new ApiException(
        413, "RequestEntityTooLarge", "Request entity too large: limit is " + limit, Json.object());
  }

  /** 415: a body in a media type that is not supported. */
  public static ApiException unsupportedMediaType(List<String> accepted) {
    return new ApiException(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include: "
            + String.join(", ", accepted),
        Json.object());
  }

  /** 422: an object that violates the rules of its kind. */
  public static ApiException invalid(String kind, String group, String name, List<FieldError> all) {
    ObjectNode details = details(new GroupResource(group, kind), name);
    ArrayNode causes = details.putArray("causes");
    for (FieldError error : all) {
      addCause(causes, error.type().reason(), error.message(), error.field());
    }
    String text = all.stream().map(FieldError::toString).collect(Collectors.joining(", "));
    String qualified = group.isEmpty() ? kind : kind + "." + group;
    return new ApiException(
        422,
        "Invalid",
        qualified + " \"" + name + "\" is invalid: " + (all.size() == 1 ? text : "[" + text + "]"),
        details);
  }

  /** 422: a patch that cannot be applied to this object. */
  public static ApiException inapplicablePatch(String why) {
    return new ApiException(
        422,
        "Invalid",
        "the server rejected our request due to an error in our request: " + why,
        Json.object());
  }

  /** 504: a resource version that the server has not reached yet. */
  public static ApiException tooLargeResourceVersion(long asked, long current) {
    ObjectNode details = Json.object();
    addCause(
        details.putArray("causes"), "ResourceVersionTooLarge", "Too large resource version", "");
    details.put("retryAfterSeconds", 1);
    return new ApiException(
        504,
        "Timeout",
        "Timeout: Too large resource version: " + asked + ", current: " + current,
        details);
  }

  /** 500: a new object with a resource version; a real server answers with 500, too. */
  public static ApiException resourceVersionOnCreate() {
    return new ApiException(
        500,
        "InternalError",
        "resourceVersion should not be set on objects to be created",
        Json.object());
  }

  /** 500: an internal error. */
  public static ApiException internal(RuntimeException cause) {
    ApiException failure =
        new ApiException(500, "InternalError", "Internal error occurred: " + cause, Json.object());
    failure.initCause(cause);
    return failure;
  }

  /**
   * One field that another manager owns.
   *
   * @param manager the owner as the message names it, e.g. {@code "curl" using example.dev/v1}
   * @param field path of the field, e.g. {@code .spec.size}
   */
  public record OwnedField(String manager, String field) {}

  /** 409: a server-side apply would change fields of other managers. */
  public static ApiException applyConflict(List<OwnedField> owned) {
    ObjectNode details = Json.object();
    ArrayNode causes = details.putArray("causes");
    StringBuilder text = new StringBuilder("Apply failed with ").append(owned.size());
    text.append(owned.size() == 1 ? " conflict: " : " conflicts: ");
    String previous = "";
    for (OwnedField field : owned) {
      addCause(causes, "FieldManagerConflict", "conflict with " + field.manager(), field.field());
      if (owned.size() == 1) {
        text.append("conflict with ").append(field.manager()).append(": ").append(field.field());
      } else {
        if (!field.manager().equals(previous)) {
          text.append(previous.isEmpty() ? "" : "\n");
          text.append("conflicts with ").append(field.manager()).append(':');
          previous = field.manager();
        }
        text.append("\n- ").append(field.field());
      }
    }
    return new ApiException(409, "Conflict", text.toString(), details);
  }

  private static void addCause(ArrayNode causes, String reason, String message, String field) {
    ObjectNode cause = causes.addObject().put("reason", reason).put("message", message);
    if (!field.isEmpty()) {
      cause.put("field", field);
    }
  }

  private static ObjectNode details(GroupResource resource, String name) {
    ObjectNode details = Json.object();
    if (!name.isEmpty()) {
      details.put("name", name);
    }
    if (!resource.group().isEmpty()) {
      details.put("group", resource.group());
    }
    return details.put("kind", resource.name());
  }
}
