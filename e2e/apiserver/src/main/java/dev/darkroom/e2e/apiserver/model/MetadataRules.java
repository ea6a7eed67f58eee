package dev.darkroom.e2e.apiserver.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The rules for {@code metadata} of every kind (apimachinery, {@code api/validation}): names,
 * labels, annotations, finalizers, owner references, and immutable fields.
 */
public final class MetadataRules {

  /** The syntax of the names of a kind. */
  public enum NameRule {
    /** RFC 1123 subdomain, at most 253 characters: nearly all kinds. */
    SUBDOMAIN(
        "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*",
        253,
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or"
            + " '.', and must start and end with an alphanumeric character (e.g. 'example.com',"),
    /** RFC 1123 label, at most 63 characters: namespaces. */
    LABEL(
        "[a-z0-9]([-a-z0-9]*[a-z0-9])?",
        63,
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and"
            + " must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc',"),
    /** Any text that is valid as one path segment: RBAC kinds. */
    PATH_SEGMENT(
        "(?!\\.\\.?$)[^/%]+", Integer.MAX_VALUE, "may not be '.', '..' or contain '/' or '%' (");

    private final Pattern pattern;
    private final int limit;
    private final String why;

    NameRule(String pattern, int limit, String why) {
      this.pattern = Pattern.compile(pattern);
      this.limit = limit;
      this.why = why;
    }

    private void check(String field, String name, List<FieldError> errors) {
      if (name.length() > limit) {
        errors.add(invalid(field, name, "must be no more than " + limit + " characters"));
      } else if (!pattern.matcher(name).matches()) {
        errors.add(invalid(field, name, why + " regex used for validation is '" + pattern + "')"));
      }
    }
  }

  private static final Pattern QUALIFIED_NAME =
      Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]");
  private static final int ANNOTATIONS_LIMIT = 256 * 1024;

  private MetadataRules() {}

  /** The errors in the metadata of a new or changed object. */
  public static List<FieldError> check(ObjectNode object, NameRule rule) {
    List<FieldError> errors = new ArrayList<>();
    String name = Metadata.name(object);
    if (name.isEmpty()) {
      errors.add(
          new FieldError(
              FieldError.Type.REQUIRED,
              "metadata.name",
              "Required value: name or generateName is required"));
    } else {
      rule.check("metadata.name", name, errors);
    }
    Metadata.labels(object)
        .forEach(
            (key, value) -> {
              checkKey("metadata.labels", key, errors);
              if (!value.isEmpty() && !isQualified(value)) {
                errors.add(
                    invalid(
                        "metadata.labels",
                        value,
                        "a valid label must be an empty string or consist of alphanumeric"
                            + " characters, '-', '_' or '.', and must start and end with an"
                            + " alphanumeric character (e.g. 'MyValue',  or 'my_value',  or"
                            + " '12345', regex used for validation is '("
                            + QUALIFIED_NAME
                            + ")?')"));
              }
            });
    checkAnnotations(Json.at(object, "metadata", "annotations"), errors);
    for (String finalizer : Metadata.finalizers(object)) {
      checkKey("metadata.finalizers", finalizer, errors);
    }
    checkOwners(Json.at(object, "metadata", "ownerReferences"), errors);
    return errors;
  }

  /** The errors in a change from one state of an object to the next. */
  public static List<FieldError> checkUpdate(ObjectNode before, ObjectNode after) {
    List<FieldError> errors = new ArrayList<>();
    for (String field : List.of("name", "namespace", "uid", "creationTimestamp")) {
      JsonNode value = Json.at(after, "metadata", field);
      if (!value.equals(Json.at(before, "metadata", field))) {
        errors.add(FieldError.invalid("metadata." + field, value, "field is immutable"));
      }
    }
    if (Metadata.isDeleting(before)) {
      List<String> added = new ArrayList<>(Metadata.finalizers(after));
      added.removeAll(Metadata.finalizers(before));
      if (!added.isEmpty()) {
        errors.add(
            FieldError.forbidden(
                "metadata.finalizers",
                "no new finalizers can be added if the object is being deleted, found new"
                    + " finalizers "
                    + added.stream()
                        .map(finalizer -> '"' + finalizer + '"')
                        .collect(Collectors.joining(", ", "[]string{", "}"))));
      }
    }
    return errors;
  }

  private static void checkAnnotations(JsonNode annotations, List<FieldError> errors) {
    int size = 0;
    for (var annotation : annotations.properties()) {
      checkKey("metadata.annotations", annotation.getKey(), errors);
      size += annotation.getKey().length() + annotation.getValue().asText().length();
    }
    if (size > ANNOTATIONS_LIMIT) {
      errors.add(
          new FieldError(
              FieldError.Type.TOO_LONG,
              "metadata.annotations",
              "Too long: may not be more than " + ANNOTATIONS_LIMIT + " bytes"));
    }
  }

  private static void checkOwners(JsonNode owners, List<FieldError> errors) {
    for (JsonNode owner : owners) {
      for (String field : List.of("apiVersion", "kind", "name", "uid")) {
        if (Json.text(owner, field).orElse("").isEmpty()) {
          errors.add(
              FieldError.invalid(
                  "metadata.ownerReferences." + field, TextNode.valueOf(""), "must not be empty"));
        }
      }
    }
  }

  private static void checkKey(String field, String key, List<FieldError> errors) {
    int slash = key.indexOf('/');
    if (slash >= 0 && !NameRule.SUBDOMAIN.pattern.matcher(key.substring(0, slash)).matches()) {
      errors.add(
          invalid(field, key, "prefix part " + NameRule.SUBDOMAIN.why.replaceFirst(" \\(.*", "")));
    }
    if (!isQualified(key.substring(slash + 1))) {
      errors.add(
          invalid(
              field,
              key,
              "name part must consist of alphanumeric characters, '-', '_' or '.', and must start"
                  + " and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or"
                  + " '123-abc', regex used for validation is '"
                  + QUALIFIED_NAME
                  + "')"));
    }
  }

  private static boolean isQualified(String name) {
    return name.length() <= 63 && QUALIFIED_NAME.matcher(name).matches();
  }

  private static FieldError invalid(String field, String value, String why) {
    return FieldError.invalid(field, TextNode.valueOf(value), why);
  }
}
