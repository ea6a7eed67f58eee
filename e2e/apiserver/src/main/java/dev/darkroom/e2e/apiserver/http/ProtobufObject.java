package dev.darkroom.e2e.apiserver.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.common.io.BaseEncoding;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.darkroom.e2e.apiserver.model.ApiException;
import dev.darkroom.e2e.apiserver.model.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the few kinds that {@code kubectl create} sends as protobuf and not as JSON (apimachinery,
 * {@code runtime.Unknown}; field numbers from the generated.proto files of k8s.io/api). Every other
 * kind is refused with 415. Answers are always JSON.
 */
final class ProtobufObject {
  private static final byte[] MAGIC = {'k', '8', 's', 0};

  /** Fields of a message: number, name, type; {@code *} marks a list, {@code =} a map's values. */
  private static final Map<String, Map<Integer, Field>> MESSAGES = new HashMap<>();

  static {
    message("Unknown", "1 typeMeta TypeMeta", "2 raw bytes");
    message("TypeMeta", "1 apiVersion string", "2 kind string");
    message(
        "ObjectMeta",
        "1 name string",
        "2 generateName string",
        "3 namespace string",
        "5 uid string",
        "6 resourceVersion string",
        "8 creationTimestamp Time",
        "11 labels =string",
        "12 annotations =string",
        "13 ownerReferences *OwnerReference",
        "14 finalizers *string");
    message(
        "OwnerReference",
        "1 kind string",
        "3 name string",
        "4 uid string",
        "5 apiVersion string",
        "6 controller bool",
        "7 blockOwnerDeletion bool");
    message(
        "ConfigMap",
        "1 metadata ObjectMeta",
        "2 data =string",
        "3 binaryData =base64",
        "4 immutable bool");
    message(
        "Secret",
        "1 metadata ObjectMeta",
        "2 data =base64",
        "3 type string",
        "4 stringData =string",
        "5 immutable bool");
    message("Namespace", "1 metadata ObjectMeta");
    message("ServiceAccount", "1 metadata ObjectMeta", "4 automountServiceAccountToken bool");
    message("Role", "1 metadata ObjectMeta", "2 rules *PolicyRule");
    message("ClusterRole", "1 metadata ObjectMeta", "2 rules *PolicyRule");
    message(
        "PolicyRule",
        "1 verbs *string",
        "2 apiGroups *string",
        "3 resources *string",
        "4 resourceNames *string",
        "5 nonResourceURLs *string");
    message("RoleBinding", "1 metadata ObjectMeta", "2 subjects *Subject", "3 roleRef RoleRef");
    message(
        "ClusterRoleBinding", "1 metadata ObjectMeta", "2 subjects *Subject", "3 roleRef RoleRef");
    message("Subject", "1 kind string", "2 apiGroup string", "3 name string", "4 namespace string");
    message("RoleRef", "1 apiGroup string", "2 kind string", "3 name string");
    message(
        "SelfSubjectAccessReview", "1 metadata ObjectMeta", "2 spec SelfSubjectAccessReviewSpec");
    message("SelfSubjectAccessReviewSpec", "1 resourceAttributes ResourceAttributes");
    message(
        "ResourceAttributes",
        "1 namespace string",
        "2 verb string",
        "3 group string",
        "4 version string",
        "5 resource string",
        "6 subresource string",
        "7 name string");
  }

  private ProtobufObject() {}

  private record Field(String name, char shape, String type) {}

  /** Reads an object; the result is the same as from JSON. */
  static JsonNode parse(byte[] bytes) {
    if (bytes.length < MAGIC.length || !Arrays.equals(bytes, 0, 4, MAGIC, 0, 4)) {
      throw ApiException.badRequest("the body is not a Kubernetes protobuf object");
    }
    try {
      ObjectNode unknown =
          read("Unknown", CodedInputStream.newInstance(bytes, 4, bytes.length - 4));
      String kind = Json.at(unknown, "typeMeta", "kind").asText();
      if (!MESSAGES.containsKey(kind)) {
        throw ApiException.unsupportedMediaType(List.of(Body.JSON));
      }
      ObjectNode object =
          read(kind, CodedInputStream.newInstance(unknown.path("raw").binaryValue()));
      object.setAll((ObjectNode) unknown.path("typeMeta"));
      return object;
    } catch (IOException e) {
      throw ApiException.badRequest("broken protobuf: " + e.getMessage());
    }
  }

  private static ObjectNode read(String message, CodedInputStream in) throws IOException {
    ObjectNode object = Json.object();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      Field field = MESSAGES.get(message).get(WireFormat.getTagFieldNumber(tag));
      if (field == null) {
        in.skipField(tag);
        continue;
      }
      switch (field.shape()) {
        case '*' -> value(field.type(), in).ifPresent(object.withArray(field.name())::add);
        case '=' -> entry(field.type(), in, Json.child(object, field.name()));
        default -> {
          Optional<JsonNode> value = value(field.type(), in);
          value.ifPresent(each -> object.set(field.name(), each));
        }
      }
    }
    return object;
  }

  /** Reads one entry of a map: a message with the key in field 1 and the value in field 2. */
  private static void entry(String type, CodedInputStream in, ObjectNode map) throws IOException {
    CodedInputStream entry = CodedInputStream.newInstance(in.readByteArray());
    String key = "";
    Optional<JsonNode> value = Optional.empty();
    for (int tag = entry.readTag(); tag != 0; tag = entry.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == 1) {
        key = entry.readStringRequireUtf8();
      } else {
        value = value(type, entry);
      }
    }
    map.set(key, value.orElse(TextNode.valueOf("")));
  }

  private static Optional<JsonNode> value(String type, CodedInputStream in) throws IOException {
    return switch (type) {
      case "string" -> Optional.of(TextNode.valueOf(in.readStringRequireUtf8()));
      case "bool" -> Optional.of(BooleanNode.valueOf(in.readBool()));
      case "int64" -> Optional.of(LongNode.valueOf(in.readInt64()));
      case "bytes" -> Optional.of(Json.tree(in.readByteArray()));
      case "base64" ->
          Optional.of(TextNode.valueOf(BaseEncoding.base64().encode(in.readByteArray())));
      case "Time" -> time(CodedInputStream.newInstance(in.readByteArray()));
      default -> Optional.of(read(type, CodedInputStream.newInstance(in.readByteArray())));
    };
  }

  /** Reads a time; empty for a message without seconds, which stands for an unset time. */
  private static Optional<JsonNode> time(CodedInputStream in) throws IOException {
    long seconds = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == 1) {
        seconds = in.readInt64();
      } else {
        in.skipField(tag);
      }
    }
    return seconds == 0
        ? Optional.empty()
        : Optional.of(TextNode.valueOf(Instant.ofEpochSecond(seconds).toString()));
  }

  private static void message(String name, String... fields) {
    Map<Integer, Field> numbered = new HashMap<>();
    for (String field : fields) {
      String[] parts = field.split(" ", -1);
      boolean shaped = "*=".indexOf(parts[2].charAt(0)) >= 0;
      numbered.put(
          Integer.valueOf(parts[0]),
          new Field(
              parts[1],
              shaped ? parts[2].charAt(0) : ' ',
              shaped ? parts[2].substring(1) : parts[2]));
    }
    MESSAGES.put(name, numbered);
  }
}
