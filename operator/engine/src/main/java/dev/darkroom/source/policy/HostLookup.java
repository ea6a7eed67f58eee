package dev.darkroom.source.policy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Finds the addresses of a host. Safe for use by many threads. */
@FunctionalInterface
public interface HostLookup {

  /** The system's: its files and its name servers. An address has only itself. */
  HostLookup SYSTEM = host -> List.of(InetAddress.getAllByName(host));

  /**
   * All addresses of a host, in the order in which they should be tried.
   *
   * @param host its name, or its address without brackets
   * @throws UnknownHostException when it has none
   */
  List<InetAddress> addresses(String host) throws UnknownHostException;
}
