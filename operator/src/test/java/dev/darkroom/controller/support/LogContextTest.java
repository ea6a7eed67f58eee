package dev.darkroom.controller.support;

import static dev.darkroom.controller.Fixtures.job;
import static dev.darkroom.controller.Fixtures.store;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class LogContextTest {

  @AfterEach
  void clear() {
    MDC.clear();
  }

  @Test
  void namesAreInTheContextUntilItIsClosed() {
    MDC.put("mine", "stays");
    try (var context = LogContext.of(job("ubuntu-1", "ubuntu"))) {
      assertThat(MDC.getCopyOfContextMap())
          .containsOnly(
              Map.entry("kind", "ImageImport"),
              Map.entry("namespace", "lab"),
              Map.entry("name", "ubuntu-1"),
              Map.entry("mine", "stays"));
    }
    assertThat(MDC.getCopyOfContextMap()).containsOnly(Map.entry("mine", "stays"));
  }

  @Test
  void theContextOfATransferHasTheAttempt() {
    assertThat(LogContext.of(job("ubuntu-1", "ubuntu"), 3))
        .containsEntry("namespace", "lab")
        .containsEntry("name", "ubuntu-1")
        .containsEntry("attempt", "3");
  }

  @Test
  void aClusterScopedObjectHasNoNamespace() {
    assertThat(LogContext.of(store("fast", Path.of("/srv")), 1))
        .containsEntry("name", "fast")
        .doesNotContainKey("namespace");
  }
}
