package dev.darkroom.e2e.scenario.gitops;

import com.fasterxml.jackson.databind.JsonNode;
import dev.darkroom.e2e.RepositoryFiles;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LoadState;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.compiler.LuaC;
import org.luaj.vm2.lib.PackageLib;
import org.luaj.vm2.lib.TableLib;
import org.luaj.vm2.lib.jse.JseBaseLib;

/**
 * Runs the health scripts of the sample like Argo CD: global {@code obj}, Lua's base, {@code
 * package} and {@code table} libraries, no {@code string} library (Argo CD, "Resource Health",
 * section "Custom Health Checks"). Not thread-safe.
 */
public final class ArgoHealth {

  private static final Path SAMPLE =
      RepositoryFiles.ROOT.resolve("samples/gitops/argocd-health.yaml");
  private static final String KEY = "resource.customizations.health.darkroom.dev_";

  private final JsonNode scripts;
  private final Globals lua = new Globals();

  private ArgoHealth(JsonNode scripts) {
    this.scripts = scripts;
    lua.load(new JseBaseLib());
    lua.load(new PackageLib());
    lua.load(new TableLib());
    LoadState.install(lua);
    LuaC.install(lua);
  }

  /** Reads the sample. */
  public static ArgoHealth ofTheSample() throws IOException {
    return new ArgoHealth(
        Serialization.unmarshal(Files.readString(SAMPLE), JsonNode.class).path("data"));
  }

  /**
   * The result of a script.
   *
   * @param status the health status of Argo CD
   * @param message the message for users
   */
  public record Health(String status, String message) {}

  /** Evaluates an object in the API server's representation. */
  public Health of(JsonNode object) {
    String kind = object.path("kind").asText();
    JsonNode script = scripts.path(KEY + kind);
    if (!script.isTextual()) {
      throw new IllegalArgumentException("the sample has no script for " + kind);
    }
    lua.set("obj", value(object));
    LuaValue health = lua.load(script.asText(), kind).call();
    return new Health(health.get("status").checkjstring(), health.get("message").checkjstring());
  }

  private static LuaValue value(JsonNode node) {
    if (node.isObject()) {
      LuaTable table = new LuaTable();
      node.properties().forEach(field -> table.set(field.getKey(), value(field.getValue())));
      return table;
    }
    if (node.isArray()) {
      LuaTable table = new LuaTable();
      node.forEach(element -> table.set(table.length() + 1, value(element)));
      return table;
    }
    if (node.isNumber()) {
      return LuaValue.valueOf(node.asDouble());
    }
    if (node.isBoolean()) {
      return LuaValue.valueOf(node.asBoolean());
    }
    return node.isNull() ? LuaValue.NIL : LuaValue.valueOf(node.asText());
  }
}
