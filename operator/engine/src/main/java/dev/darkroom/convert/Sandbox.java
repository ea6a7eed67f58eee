package dev.darkroom.convert;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The confinement of qemu-img: it can open only its input, its output and its libraries.
 *
 * @param kind how
 * @param prefix a command in front of all others that removes access to the network; may be empty
 * @param filter a file with a seccomp filter; empty without a filter
 */
record Sandbox(Kind kind, List<String> prefix, Optional<Path> filter) {

  /** The ways to confine a process, the strongest first. */
  enum Kind {
    /** Own namespaces, made by bubblewrap: qemu-img sees no other file, process or network. */
    BUBBLEWRAP("bubblewrap: own mount, process and network namespace"),
    /** Landlock, set by setpriv of util-linux 2.41 or later: qemu-img can open no other file. */
    LANDLOCK("Landlock: no other file can be opened"),
    /** No confinement: only the options of qemu-img prevent that it opens other files. */
    NONE("none: files are kept from qemu-img by its options only");

    private final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  /** Libraries, and the files by which the loader finds them. The existing ones are readable. */
  private static final List<String> LIBRARIES =
      List.of("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/etc/ld.so.cache");

  private static final String READ = "path-beneath:read-file:";
  private static final String RUN = "path-beneath:execute,read-file:";
  private static final String WRITE = "path-beneath:read-file,write-file,truncate:";

  /** The descriptor on which bubblewrap reads the filter. */
  private static final String FILTER_DESCRIPTOR = "9";

  Sandbox {
    prefix = List.copyOf(prefix);
  }

  /** No sandbox, for tests of the other protections. */
  static Sandbox none() {
    return new Sandbox(Kind.NONE, List.of(), Optional.empty());
  }

  /** Returns one phrase for a log. */
  String description() {
    boolean filtered = filter.isPresent() && kind != Kind.NONE;
    return kind.words + (filtered ? ", system calls filtered" : ", system calls not filtered");
  }

  /**
   * The command that runs the program in the sandbox.
   *
   * @param program an absolute path
   * @param input may be read
   * @param output an existing file that may be written
   */
  List<String> command(Path program, List<String> arguments, Path input, Path output)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    switch (kind) {
      case BUBBLEWRAP -> addBubblewrap(command, program, input, output);
      case LANDLOCK -> addLandlock(command, program, input, output);
      case NONE -> {}
    }
    command.add(program.toString());
    command.addAll(arguments);
    return command;
  }

  private void addBubblewrap(List<String> command, Path program, Path input, Path output)
      throws IOException {
    filter.ifPresent(
        file ->
            command.addAll(
                List.of(
                    "/bin/sh",
                    "-c",
                    "exec \"$@\" " + FILTER_DESCRIPTOR + "<\"$0\"",
                    file.toString())));
    command.addAll(List.of("bwrap", "--unshare-all", "--die-with-parent", "--new-session"));
    command.addAll(List.of("--cap-drop", "ALL", "--chdir", "/"));
    if (filter.isPresent()) {
      command.addAll(List.of("--seccomp", FILTER_DESCRIPTOR));
    }
    LIBRARIES.forEach(library -> command.addAll(List.of("--ro-bind-try", library, library)));
    command.addAll(List.of("--dev-bind", "/dev/null", "/dev/null"));
    command.addAll(List.of("--ro-bind", program.toRealPath().toString(), program.toString()));
    command.addAll(List.of("--ro-bind", input.toString(), input.toString()));
    command.addAll(List.of("--bind", output.toString(), output.toString()));
    command.addAll(List.of("--remount-ro", "/", "--"));
  }

  private void addLandlock(List<String> command, Path program, Path input, Path output)
      throws IOException {
    command.addAll(List.of("setpriv", "--no-new-privs", "--inh-caps=-all"));
    command.addAll(List.of("--landlock-access", "fs"));
    for (String library : LIBRARIES) {
      if (Files.exists(Path.of(library))) {
        command.addAll(List.of("--landlock-rule", RUN + library));
      }
    }
    command.addAll(List.of("--landlock-rule", WRITE + "/dev/null"));
    command.addAll(List.of("--landlock-rule", RUN + program.toRealPath()));
    command.addAll(List.of("--landlock-rule", READ + input));
    command.addAll(List.of("--landlock-rule", WRITE + output));
    filter.ifPresent(file -> command.addAll(List.of("--seccomp-filter", file.toString())));
  }
}
