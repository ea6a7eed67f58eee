package dev.darkroom.transfer.resume;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.store.BlobKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The format of a journal: one JSON object per line; the first line has the version, now {@value
 * #VERSION}. A line that is cut off or can't be parsed ends the journal; a journal of another
 * version can't be read.
 *
 * <pre>
 * {"version":1,"id":"…","fingerprint":"…","partBytes":1048576,"validator":"…","length":734003200}
 * {"write":"TARGET","store":"fast","key":"lab/ubuntu-3f2a","token":"…"}
 * {"part":0,"crc32c":"8a9136aa"}
 * {"end":734003200}
 * </pre>
 */
final class JournalFormat {

  static final int VERSION = 1;

  private static final ObjectMapper JSON = JsonMapper.builder().build();

  /** The longest line; a limit of the reader's memory. */
  private static final int LONGEST_LINE = 1 << 16;

  private JournalFormat() {}

  /** All lines of a journal. */
  static String lines(JournalContents contents) {
    ObjectNode head = JSON.createObjectNode();
    head.put("version", VERSION);
    head.put("id", contents.id());
    head.put("fingerprint", contents.fingerprint());
    head.put("partBytes", contents.partBytes());
    contents.validator().ifPresent(validator -> head.put("validator", validator));
    contents.length().ifPresent(length -> head.put("length", length));
    StringBuilder lines = new StringBuilder(line(head));
    contents.writes().forEach(write -> lines.append(write(write)));
    for (int part = 0; part < contents.parts().size(); part++) {
      lines.append(part(part, contents.parts().get(part)));
    }
    contents.total().ifPresent(total -> lines.append(end(total)));
    return lines.toString();
  }

  static String write(JournalWrite write) {
    ObjectNode node = JSON.createObjectNode();
    node.put("write", write.role().name());
    node.put("store", write.store());
    node.put("key", write.key().value());
    node.put("token", write.token());
    return line(node);
  }

  static String part(int number, int crc32c) {
    return "{\"part\":" + number + ",\"crc32c\":\"" + HexFormat.of().toHexDigits(crc32c) + "\"}\n";
  }

  static String end(long total) {
    return "{\"end\":" + total + "}\n";
  }

  /** Whether the file is a journal that only a later release can read. */
  static boolean isOfLaterVersion(Path file) throws IOException {
    try (BufferedReader reader = reader(file)) {
      return next(reader).map(head -> head.path("version").asInt() > VERSION).orElse(false);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Reads a journal; empty when the file is none, or of another version. */
  static Optional<JournalContents> read(Path file) throws IOException {
    try (BufferedReader reader = reader(file)) {
      Optional<JsonNode> head = next(reader);
      if (head.isEmpty() || head.get().path("version").asInt() != VERSION) {
        return Optional.empty();
      }
      return Optional.of(read(head.get(), reader));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Malformed UTF-8, as after a crash of the machine, is no error. */
  private static BufferedReader reader(Path file) throws IOException {
    return new BufferedReader(new InputStreamReader(Files.newInputStream(file), UTF_8));
  }

  private static JournalContents read(JsonNode head, BufferedReader reader) throws IOException {
    List<JournalWrite> writes = new ArrayList<>();
    PartSums parts = new PartSums();
    OptionalLong total = OptionalLong.empty();
    Optional<JsonNode> line = next(reader);
    while (line.isPresent()) {
      JsonNode node = line.get();
      if (node.has("write")) {
        writes.add(
            new JournalWrite(
                JournalWrite.Role.valueOf(node.get("write").asText()),
                text(node, "store"),
                new BlobKey(text(node, "key")),
                text(node, "token")));
      } else if (node.path("part").asInt(-1) == parts.size()) {
        parts.add(HexFormat.fromHexDigits(text(node, "crc32c")));
      } else if (node.has("end")) {
        total = OptionalLong.of(node.get("end").asLong());
      } else {
        break;
      }
      line = next(reader);
    }
    return new JournalContents(
        text(head, "id"),
        text(head, "fingerprint"),
        head.path("partBytes").asInt(),
        Optional.ofNullable(head.get("validator")).map(JsonNode::asText),
        head.has("length") ? OptionalLong.of(head.get("length").asLong()) : OptionalLong.empty(),
        writes,
        parts,
        total);
  }

  /** The next whole line; empty at the end, and at a line that is no JSON object. */
  private static Optional<JsonNode> next(BufferedReader reader) throws IOException {
    StringBuilder line = new StringBuilder();
    int c = reader.read();
    while (c != '\n') {
      if (c < 0 || line.length() == LONGEST_LINE) {
        return Optional.empty();
      }
      line.append((char) c);
      c = reader.read();
    }
    try {
      return Optional.ofNullable(JSON.readTree(line.toString())).filter(JsonNode::isObject);
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static String text(JsonNode node, String name) {
    if (!node.path(name).isTextual()) {
      throw new IllegalArgumentException("no " + name);
    }
    return node.get(name).asText();
  }

  private static String line(ObjectNode node) {
    try {
      return JSON.writeValueAsString(node) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
