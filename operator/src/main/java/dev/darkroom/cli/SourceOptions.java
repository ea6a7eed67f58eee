package dev.darkroom.cli;

import dev.darkroom.source.policy.AddressPolicy;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What of the network may be a source of images. */
final class SourceOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--allow-sources",
      paramLabel = "CIDR|HOST",
      split = ",",
      description = {
        "Sources that are let in besides public addresses: ranges such as 10.20.0.0/16, addresses,"
            + " and names of hosts, which are let in wherever they lead. Default: none, so that"
            + " URLs in Images lead neither to private, loopback, link-local and other special"
            + " addresses, nor to names of these.",
        "For any address at all: 0.0.0.0/0,::/0."
      })
  private List<String> allowed = List.of();

  @Option(
      names = "--deny-sources",
      paramLabel = "CIDR",
      split = ",",
      description =
          "Ranges that are refused even if public, or in a range of --allow-sources: those of the"
              + " cluster's nodes, pods and services, for instance. A host that --allow-sources"
              + " has by name is let in all the same. Default: none.")
  private List<String> denied = List.of();

  @Option(
      names = "--source-ports",
      paramLabel = "PORT[-PORT]",
      split = ",",
      description =
          "The ports that sources may have, on any host. Default: 80,443,1024-65535, so that"
              + " mirrors on ports like 8443 work, and well-known services other than the web's"
              + " are not talked to.")
  private List<String> ports = List.of();

  /**
   * What they come to.
   *
   * @throws ParameterException when one can't be understood
   */
  AddressPolicy policy() {
    AddressPolicy policy =
        changed("--allow-sources", AddressPolicy.defaults(), p -> p.withAllowed(allowed));
    policy = changed("--deny-sources", policy, p -> p.withDenied(denied));
    return ports.isEmpty() ? policy : changed("--source-ports", policy, p -> p.withPorts(ports));
  }

  private AddressPolicy changed(
      String option, AddressPolicy policy, Function<AddressPolicy, AddressPolicy> change) {
    try {
      return change.apply(policy);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), option + ": " + e.getMessage(), e);
    }
  }
}
