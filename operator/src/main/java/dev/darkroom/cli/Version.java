package dev.darkroom.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version in the manifest of the jar. */
public final class Version implements IVersionProvider {

  /** One line: program, version, Java version. */
  @Override
  public String[] getVersion() {
    String version =
        Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
            .orElse("(unpackaged)");
    return new String[] {"darkroom " + version + ", Java " + Runtime.version()};
  }
}
