package dev.darkroom.e2e.apiserver.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.e2e.apiserver.model.ApiException;
import dev.darkroom.e2e.apiserver.model.Json;
import dev.darkroom.e2e.apiserver.model.Metadata;
import dev.darkroom.e2e.apiserver.resource.Resource;
import dev.darkroom.e2e.apiserver.verbs.Reading;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The form of objects in an answer: complete objects, only their metadata, or rows of a table
 * (Kubernetes, "Kubernetes API Concepts", "Receiving resources as Tables").
 *
 * @param form the form
 * @param rowObject the part of the object that a row of a table includes
 */
record Representation(Form form, RowObject rowObject) {

  enum Form {
    OBJECT,
    METADATA,
    TABLE
  }

  enum RowObject {
    NONE,
    METADATA,
    OBJECT
  }

  private static final String META = "meta.k8s.io";

  /**
   * The first supported form in an Accept header.
   *
   * @throws ApiException 406 when the header names no supported form
   */
  static Representation of(String accept, Parameters parameters) {
    RowObject rows =
        RowObject.valueOf(
            parameters.text("includeObject").orElse("Metadata").toUpperCase(Locale.ROOT));
    for (String range : accept.isBlank() ? List.of("*/*") : List.of(accept.split(",", -1))) {
      String type = range.strip().replaceFirst(";.*", "");
      Map<String, String> arguments = arguments(range);
      boolean ours = List.of("application/json", "application/*", "*/*").contains(type);
      if (ours && arguments.containsKey("as")) {
        boolean known =
            arguments.getOrDefault("g", "").equals(META)
                && arguments.getOrDefault("v", "").equals("v1");
        String as = arguments.get("as");
        if (known && as.equals("Table")) {
          return new Representation(Form.TABLE, rows);
        }
        if (known && as.startsWith("PartialObjectMetadata")) {
          return new Representation(Form.METADATA, rows);
        }
      } else if (ours) {
        return new Representation(Form.OBJECT, rows);
      }
    }
    throw ApiException.notAcceptable();
  }

  private static Map<String, String> arguments(String range) {
    return Stream.of(range.split(";", -1))
        .skip(1)
        .map(argument -> argument.strip().split("=", 2))
        .filter(argument -> argument.length == 2)
        .collect(Collectors.toMap(argument -> argument[0], argument -> argument[1], (a, b) -> a));
  }

  ObjectNode object(Resource resource, ObjectNode object) {
    return switch (form) {
      case OBJECT -> object;
      case METADATA -> metadata(object);
      case TABLE -> {
        ObjectNode table = table(resource);
        Metadata.of(table).put("resourceVersion", Metadata.resourceVersion(object));
        table.withArray("rows").add(row(resource, object));
        yield table;
      }
    };
  }

  ObjectNode list(Resource resource, Reading.Page page) {
    ObjectNode list =
        switch (form) {
          case OBJECT -> itemList(resource.kind() + "List", resource.apiVersion(), page);
          case METADATA ->
              itemList(
                  "PartialObjectMetadataList",
                  META + "/v1",
                  new Reading.Page(
                      page.objects().stream().map(Representation::metadata).toList(),
                      page.revision(),
                      page.token(),
                      page.remaining()));
          case TABLE -> {
            ObjectNode table = table(resource);
            ArrayNode rows = table.withArray("rows");
            page.objects().forEach(object -> rows.add(row(resource, object)));
            yield table;
          }
        };
    ObjectNode metadata = Metadata.of(list);
    metadata.put("resourceVersion", Long.toString(page.revision()));
    if (!page.token().isEmpty()) {
      metadata.put("continue", page.token()).put("remainingItemCount", page.remaining());
    }
    return list;
  }

  private static ObjectNode itemList(String kind, String apiVersion, Reading.Page page) {
    ObjectNode list = Json.object().put("kind", kind).put("apiVersion", apiVersion);
    list.putObject("metadata");
    list.putArray("items").addAll(page.objects());
    return list;
  }

  private static ObjectNode metadata(ObjectNode object) {
    ObjectNode partial =
        Json.object().put("kind", "PartialObjectMetadata").put("apiVersion", META + "/v1");
    partial.set("metadata", object.path("metadata"));
    return partial;
  }

  private static ObjectNode table(Resource resource) {
    ObjectNode table = Json.object().put("kind", "Table").put("apiVersion", META + "/v1");
    table.putObject("metadata");
    ArrayNode columns = table.putArray("columnDefinitions");
    resource.columns().forEach(column -> columns.add(column.definition()));
    table.putArray("rows");
    return table;
  }

  private JsonNode row(Resource resource, ObjectNode object) {
    ObjectNode row = Json.object();
    ArrayNode cells = row.putArray("cells");
    resource.columns().forEach(column -> cells.add(column.cell().apply(object)));
    switch (rowObject) {
      case METADATA -> row.set("object", metadata(object));
      case OBJECT -> row.set("object", object);
      case NONE -> {}
    }
    return row;
  }
}
