package dev.darkroom.controller.support;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Gives the operator framework the shared informers in place of its own. The framework makes an
 * informer for each controller by {@code client.resources(kind).inAnyNamespace()} or {@code
 * .inNamespace(name)}, then {@code .withLabelSelector(null).runnableInformer(0)}
 * (io.javaoperatorsdk.operator.processing.event.source.informer.InformerManager, release 5.2). This
 * class answers the last call of that chain with an {@link InformerSubscription}; all other calls
 * go to the client.
 */
final class SharedInformerClient {

  private SharedInformerClient() {}

  /** The client, with the informers of the caches for their kinds. */
  static KubernetesClient of(KubernetesClient client, SharedInformers caches) {
    return (KubernetesClient)
        proxy(
            client,
            (proxy, method, arguments) -> {
              Object answer = call(client, method, arguments);
              return isNamed(method, "resources", Class.class)
                  ? withSharedInformers(answer, (Class<?>) arguments[0], caches)
                  : answer;
            });
  }

  private static Object withSharedInformers(
      Object operation, Class<?> kind, SharedInformers caches) {
    return caches
        .find(kind.asSubclass(HasMetadata.class))
        .<Object>map(cache -> scoped(operation, cache, Optional.empty()))
        .orElse(operation);
  }

  /**
   * An operation of the client on one kind.
   *
   * @param namespace that it is confined to
   */
  private static Object scoped(
      Object operation, IndexedInformer<?> cache, Optional<String> namespace) {
    return proxy(
        operation,
        (proxy, method, arguments) -> {
          if (isNamed(method, "runnableInformer", long.class)) {
            return subscription(cache, namespace);
          }
          Object answer = call(operation, method, arguments);
          if (isNamed(method, "inAnyNamespace")) {
            return scoped(answer, cache, Optional.empty());
          }
          if (isNamed(method, "inNamespace", String.class)) {
            return scoped(answer, cache, Optional.of((String) arguments[0]));
          }
          // A selection of a kind has no shared informer.
          return isNamed(method, "withLabelSelector", String.class) && arguments[0] == null
              ? scoped(answer, cache, namespace)
              : answer;
        });
  }

  private static <R extends HasMetadata> SharedIndexInformer<R> subscription(
      IndexedInformer<R> cache, Optional<String> namespace) {
    return cache
        .informer(namespace)
        .map(InformerSubscription::new)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%ss of namespace %s are not watched"
                        .formatted(cache.kind().getSimpleName(), namespace.orElse("*"))));
  }

  private static boolean isNamed(Method method, String name, Class<?>... parameters) {
    return method.getName().equals(name) && Arrays.equals(method.getParameterTypes(), parameters);
  }

  private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static Object proxy(Object target, InvocationHandler calls) {
    Set<Class<?>> interfaces = new LinkedHashSet<>();
    for (Class<?> type = target.getClass(); type != null; type = type.getSuperclass()) {
      interfaces.addAll(Set.of(type.getInterfaces()));
    }
    return Proxy.newProxyInstance(
        KubernetesClient.class.getClassLoader(), interfaces.toArray(Class<?>[]::new), calls);
  }
}
