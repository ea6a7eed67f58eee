package dev.darkroom.source.policy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Finds the addresses of a host. Thread-safe. */
@FunctionalInterface
public interface HostLookup {

  /** The lookup of the system: its files and its name servers. An address resolves to itself. */
  HostLookup SYSTEM = host -> List.of(InetAddress.getAllByName(host));

  /**
   * Returns all addresses of a host, in the order of connection attempts.
   *
   * @param host its name, or its address without brackets
   * @throws UnknownHostException when the host has no address
   */
  List<InetAddress> addresses(String host) throws UnknownHostException;
}
