package dev.darkroom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

@Timeout(90)
class LogOptionsTest {

  private static final JsonMapper MAPPER = new JsonMapper();

  @Test
  void aTextLineHasObjectAndAttempt() throws Exception {
    ProcessRun run = ProcessRun.of(Talker.class, Map.of());

    assertThat(run.out()).isEmpty();
    List<String> lines = run.err().lines().toList();
    assertThat(lines.get(0))
        .matches(
            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z INFO +LogOptionsTest\\$Talker \\[.*] It moves\\.")
        .contains("namespace=lab", "name=ubuntu-1", "attempt=3");
    assertThat(lines.get(1)).contains("ERROR LogOptionsTest$Talker []", "It broke.");
    assertThat(lines.get(2)).isEqualTo("java.lang.IllegalStateException: no room");
    assertThat(run.err()).doesNotContain("A detail.").doesNotContain("A library's story.");
  }

  @Test
  void aJsonLineHasTheSameNames() throws Exception {
    ProcessRun run = ProcessRun.of(Talker.class, Map.of(), "--log-format=json");

    List<JsonNode> lines = parse(run.err());
    assertThat(lines).hasSize(2);
    JsonNode first = lines.get(0);
    assertThat(first.get("formattedMessage").asText()).isEqualTo("It moves.");
    assertThat(first.get("level").asText()).isEqualTo("INFO");
    assertThat(first.get("timestamp").isNumber()).isTrue();
    assertThat(first.at("/mdc/namespace").asText()).isEqualTo("lab");
    assertThat(first.at("/mdc/name").asText()).isEqualTo("ubuntu-1");
    assertThat(first.at("/mdc/attempt").asText()).isEqualTo("3");
    assertThat(lines.get(1).at("/throwable/message").asText()).isEqualTo("no room");
  }

  @Test
  void theLevelAppliesToTheProgramAndNotToLibraries() throws Exception {
    assertThat(messages("--log-level=DEBUG"))
        .containsExactly("A detail.", "It moves.", "It broke.");
    assertThat(messages("--log-level=ERROR")).containsExactly("It broke.");
  }

  private static List<String> messages(String level) throws Exception {
    return parse(ProcessRun.of(Talker.class, Map.of(), "--log-format=JSON", level).err()).stream()
        .map(line -> line.get("formattedMessage").asText())
        .toList();
  }

  private static List<JsonNode> parse(String lines) throws Exception {
    List<JsonNode> parsed = new ArrayList<>();
    for (String line : lines.lines().toList()) {
      parsed.add(MAPPER.readTree(line));
    }
    return parsed;
  }

  /** A program with the log options. */
  static final class Talker implements Runnable {

    @Mixin private LogOptions logs = new LogOptions();

    public static void main(String[] arguments) {
      new CommandLine(new Talker()).setCaseInsensitiveEnumValuesAllowed(true).execute(arguments);
    }

    @Override
    public void run() {
      logs.apply();
      Logger log = LoggerFactory.getLogger(Talker.class);
      log.debug("A {}.", "detail");
      try (var namespace = MDC.putCloseable("namespace", "lab");
          var name = MDC.putCloseable("name", "ubuntu-1");
          var attempt = MDC.putCloseable("attempt", "3")) {
        log.info("It {}.", "moves");
      }
      LoggerFactory.getLogger("org.example.Library").info("A library's story.");
      log.error("It broke.", new IllegalStateException("no room"));
    }
  }
}
