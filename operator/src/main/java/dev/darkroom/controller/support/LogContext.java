package dev.darkroom.controller.support;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.MDC;

/** Puts an object's names on every log line of a thread, as long as it is open. */
public final class LogContext implements AutoCloseable {

  private static final String KIND = "kind";
  private static final String NAMESPACE = "namespace";
  private static final String NAME = "name";
  private static final String ATTEMPT = "attempt";

  private LogContext() {}

  public static LogContext of(HasMetadata object) {
    names(object).forEach(MDC::put);
    return new LogContext();
  }

  /** The same for the threads of a transfer. */
  public static Map<String, String> of(HasMetadata object, int attempt) {
    Map<String, String> context = names(object);
    context.put(ATTEMPT, Integer.toString(attempt));
    return context;
  }

  /** The same for threads that do something else for the object. */
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
