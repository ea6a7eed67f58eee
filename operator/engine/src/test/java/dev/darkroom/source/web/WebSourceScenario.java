package dev.darkroom.source.web;

import dev.darkroom.source.Source;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.policy.AddressPolicy;
import dev.darkroom.testing.FaultyServer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A scripted web server, and a client that may connect to it. */
public abstract class WebSourceScenario {

  public static final String PATH = "/image.qcow2";
  static final AddressPolicy LOOPBACK = AddressPolicy.defaults().withLoopbackAllowed();
  static final Duration LONG = Duration.ofSeconds(30);
  static final Duration SHORT = Duration.ofMillis(300);

  public final WebClient client = new WebClient(WebLimits.defaults(), LOOPBACK);
  public final ExecutorService threads = Executors.newCachedThreadPool();
  public FaultyServer server;

  @BeforeEach
  void start() throws IOException {
    server = FaultyServer.start();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    client.close();
    threads.shutdownNow();
  }

  /** The served bytes. */
  protected Source source(String path) throws SourceException {
    return new WebSource(server.url(path), client);
  }
}
