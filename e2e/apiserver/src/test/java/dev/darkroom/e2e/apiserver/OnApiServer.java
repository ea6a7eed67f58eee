package dev.darkroom.e2e.apiserver;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** Base of test classes: each has its own API server, which serves widgets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OnApiServer {
  ApiServer server;
  Calls calls;

  @BeforeAll
  void startServer() {
    server = ApiServer.start(options());
    server.install(Widgets.definition());
    calls = new Calls(server.kubeconfig());
  }

  @AfterAll
  void stopServer() {
    calls.close();
    server.close();
  }

  /** The options of the server. */
  ApiServer.Options options() {
    return ApiServer.Options.defaults();
  }
}
