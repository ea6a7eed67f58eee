package dev.darkroom.e2e.dev;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Formatting of the output. */
class OutputTest {

  @Test
  void messagesWrapAtSpaces() {
    assertThat(ConditionTable.broken("Verified bytes are in one store.", 15))
        .containsExactly("Verified bytes", "are in one", "store.");
    assertThat(ConditionTable.broken("a-word-that-is-too-long b", 5))
        .containsExactly("a-word-that-is-too-long", "b");
    assertThat(ConditionTable.broken("", 5)).containsExactly("");
  }

  @Test
  void shellWordsAreQuotedIfNeeded() {
    assertThat(Shell.quoted("/tmp/a-b_c.d")).isEqualTo("/tmp/a-b_c.d");
    assertThat(Shell.quoted("/tmp/my images")).isEqualTo("'/tmp/my images'");
    assertThat(Shell.quoted("it's $HOME")).isEqualTo("'it'\\''s $HOME'");
  }

  @Test
  void pathsBelowTheCurrentDirectoryAreRelative() {
    assertThat(Shell.path(Path.of("a/b").toAbsolutePath())).isEqualTo("a/b");
    assertThat(Shell.path(Path.of("/a/b"))).isEqualTo("/a/b");
  }

  @Test
  void tableIsAlignedLikeKubectl() throws Exception {
    var table =
        new ObjectMapper()
            .readTree(
                """
                {"columnDefinitions": [
                  {"name": "Name", "priority": 0}, {"name": "Size", "priority": 0},
                  {"name": "Digest", "priority": 1}, {"name": "Age", "priority": 0}],
                 "rows": [
                  {"cells": ["hello", null, "sha256:0", "3s"],
                   "object": {"metadata": {"namespace": "lab"}}}]}
                """);

    assertThat(KubectlTable.aligned(KubectlTable.cells(table, KubectlTable.Leading.NOTHING)))
        .containsExactly("NAME    SIZE   AGE", "hello          3s");
    assertThat(KubectlTable.cells(table, KubectlTable.Leading.NAMESPACE))
        .containsExactly(
            List.of("NAMESPACE", "NAME", "SIZE", "AGE"), List.of("lab", "hello", "", "3s"));
  }
}
