package dev.darkroom.source.policy;

import dev.darkroom.source.web.WebAddress;
import dev.darkroom.source.web.WebClient;
import dev.darkroom.source.web.WebLimits;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;

/**
 * A name server with changing answers, and clients that use it. Each answer is given once, the last
 * one forever. All answers must be set before the first request.
 */
public final class ScriptedNames {

  private final Map<String, Queue<List<InetAddress>>> answers = new HashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();

  /** Adds the next addresses of a host, as literal addresses. */
  public ScriptedNames answer(String host, String... addresses) {
    answers
        .computeIfAbsent(host, h -> new ArrayDeque<>())
        .add(Arrays.stream(addresses).map(ScriptedNames::literal).toList());
    return this;
  }

  /** Returns the requested names so far, oldest first, without literal addresses. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  /** Makes a client that resolves names only here. */
  public WebClient client(WebLimits limits, AddressPolicy policy) throws NoSuchAlgorithmException {
    return new WebClient(limits, policy, SSLContext.getDefault(), this::addresses);
  }

  private List<InetAddress> addresses(String host) throws UnknownHostException {
    String lower = host.toLowerCase(Locale.ROOT);
    if (WebAddress.isNumeric(lower)) {
      return List.of(literal(lower));
    }
    asked.add(lower);
    synchronized (answers) {
      Queue<List<InetAddress>> left = answers.get(lower);
      if (left == null) {
        throw new UnknownHostException(host);
      }
      return left.size() > 1 ? left.remove() : left.element();
    }
  }

  private static InetAddress literal(String address) {
    return new InetSocketAddress(address, 0).getAddress();
  }
}
