package dev.darkroom.e2e.dev.sample;

import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.nio.file.Path;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ResourceHandler;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.resource.ResourceFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * A web server for the files of one directory, on the loopback interface, with ranges and
 * validators.
 */
public final class SampleServer implements AutoCloseable {

  private static final String ADDRESS = "127.0.0.1";
  private static final int THREADS = 8;

  private final Server server;

  private SampleServer(Server server) {
    this.server = server;
  }

  /**
   * Starts the server.
   *
   * @param directory the directory of the files
   * @param port the port; 0 for any free port
   * @throws BindException if the port is in use
   */
  public static SampleServer start(Path directory, int port) throws IOException {
    QueuedThreadPool threads = new QueuedThreadPool(THREADS, 1);
    threads.setName("sample-web");
    threads.setDaemon(true);
    Server server = new Server(threads);
    ServerConnector connector = new ServerConnector(server, 1, 1);
    connector.setHost(ADDRESS);
    connector.setPort(port);
    server.addConnector(connector);

    ResourceHandler files = new ResourceHandler();
    files.setBaseResource(ResourceFactory.of(server).newResource(directory));
    files.setDirAllowed(false);
    files.setEtags(true);
    server.setHandler(files);
    try {
      server.start();
    } catch (Exception e) {
      LifeCycle.stop(server);
      if (e.getCause() instanceof BindException taken) {
        throw taken;
      }
      throw e instanceof IOException io ? io : new IOException(e);
    }
    return new SampleServer(server);
  }

  /** The base URL, with a slash at the end. */
  public URI address() {
    int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    return URI.create("http://" + ADDRESS + ":" + port + "/");
  }

  /** Stops the server and its transfers. */
  @Override
  public void close() {
    LifeCycle.stop(server);
  }
}
