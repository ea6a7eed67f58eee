package dev.darkroom.controller.support;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.MDC;

/** Adds the names of an object to the log lines of a thread (MDC), until it is closed. */
public final class LogContext implements AutoCloseable {

  private static final String KIND = "kind";
  private static final String NAMESPACE = "namespace";
  private static final String NAME = "name";
  private static final String ATTEMPT = "attempt";

  private LogContext() {}

  /** Adds kind, namespace and name to the log lines of this thread. */
  public static LogContext of(HasMetadata object) {
    names(object).forEach(MDC::put);
    return new LogContext();
  }

  /** The log context for the threads of a transfer, with the number of the attempt. */
  public static Map<String, String> of(HasMetadata object, int attempt) {
    Map<String, String> context = names(object);
    context.put(ATTEMPT, Integer.toString(attempt));
    return context;
  }

  /** The log context for other threads that work for the object. */
  public static Map<String, String> names(HasMetadata object) {
    Map<String, String> names = new LinkedHashMap<>();
    names.put(KIND, object.getKind());
    if (object.getMetadata().getNamespace() != null) {
      names.put(NAMESPACE, object.getMetadata().getNamespace());
    }
    names.put(NAME, object.getMetadata().getName());
    return names;
  }

  @Override
  public void close() {
    MDC.remove(KIND);
    MDC.remove(NAMESPACE);
    MDC.remove(NAME);
  }
}
