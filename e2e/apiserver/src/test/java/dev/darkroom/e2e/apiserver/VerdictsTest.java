package dev.darkroom.e2e.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Checks the answers of the embedded server against the table of expected answers. */
class VerdictsTest {
  private static ApiServer server;
  private static Calls calls;

  @BeforeAll
  static void start() {
    server = ApiServer.start(ApiServer.Options.defaults());
    calls = new Calls(server.kubeconfig());
    RequestVerdicts.prepare(calls);
  }

  @AfterAll
  static void stop() {
    calls.close();
    server.close();
  }

  @TestFactory
  Stream<DynamicTest> givesTheVerdictOfARealServer() {
    return RequestVerdicts.table().stream()
        .map(
            verdict ->
                DynamicTest.dynamicTest(
                    verdict.name(), () -> assertThat(verdict.complaint(calls)).isEmpty()));
  }
}
