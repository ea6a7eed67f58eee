package dev.darkroom.cli;

import dev.darkroom.source.policy.AddressPolicy;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options for the allowed addresses of sources. */
final class SourcePolicyOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--allow-sources",
      paramLabel = "CIDR|HOST",
      split = ",",
      description = {
        "Sources that are allowed besides public addresses: ranges such as 10.20.0.0/16, addresses,"
            + " and host names, which are allowed at any address. Default: none; then private,"
            + " loopback, link-local and other special addresses, and names of such addresses, are"
            + " refused.",
        "To allow any address: 0.0.0.0/0,::/0."
      })
  private List<String> allowed = List.of();

  @Option(
      names = "--deny-sources",
      paramLabel = "CIDR",
      split = ",",
      description =
          "Ranges that are refused even if they are public or in a range of --allow-sources, for"
              + " example those of the cluster's nodes, pods and services. A host name in"
              + " --allow-sources is still allowed. Default: none.")
  private List<String> denied = List.of();

  @Option(
      names = "--source-ports",
      paramLabel = "PORT[-PORT]",
      split = ",",
      description =
          "Allowed ports of sources, on any host. Default: 80,443,1024-65535: mirrors on ports like"
              + " 8443 work, and well-known services other than the web's are not contacted.")
  private List<String> ports = List.of();

  /**
   * The policy of the options.
   *
   * @throws ParameterException when a value can't be parsed
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
