package dev.darkroom.e2e.dev;

import dev.darkroom.api.Image;
import dev.darkroom.e2e.dev.DevOptions.Ending.WhenSettled;
import dev.darkroom.e2e.dev.DevOptions.Ending.WhenTold;
import dev.darkroom.e2e.dev.terminal.Amounts;
import dev.darkroom.e2e.dev.terminal.Terminal;
import dev.darkroom.e2e.dev.terminal.Tone;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The output of the program, without the progress of imports. */
final class Narration {

  private final Terminal terminal;
  private final DevOptions options;
  private final DevSession session;
  private List<String> told = List.of();

  Narration(Terminal terminal, DevOptions options, DevSession session) {
    this.terminal = terminal;
    this.options = options;
    this.session = session;
  }

  /** Writes the started components and their addresses. */
  void begin() {
    WorkDirectory directory = session.directory();
    terminal.line(terminal.toned(Tone.STRONG, "Darkroom, all in one process"));
    terminal.line("");
    fact("API server", session.address().toString());
    fact("kubeconfig", Shell.path(directory.kubeconfig()));
    if (session.hasOwnStore()) {
      fact("store", Shell.path(directory.store()) + removed(session.removed()));
    }
    fact("sources", "public and loopback addresses (a cluster refuses loopback)");
    fact("log", Shell.path(directory.log()));
    terminal.line("");
  }

  private static String removed(LocalStore.Removed removed) {
    return removed.images() == 0
        ? ""
        : " (removed from the last run: "
            + (removed.images() == 1 ? "image" : removed.images() + " images")
            + ", "
            + Amounts.bytes(removed.bytes())
            + ")";
  }

  private void fact(String name, String value) {
    terminal.line("  " + terminal.toned(Tone.FAINT, String.format("%-12s", name)) + value);
  }

  /** Writes the applied objects. */
  void applied(List<Applied> applied) {
    terminal.line(options.isQuickstart() ? "Applied samples/quickstart/:" : "Applied:");
    applied.forEach(object -> terminal.line("  " + object.title()));
    terminal.line("");
  }

  /** Writes the result and the next commands. */
  void end(Settlement settlement) {
    terminal.line("");
    Report report = new Report(terminal, session.client(), session.objects());
    List<Image> images =
        session.objects().images().stream()
            .filter(image -> settlement.standings().keySet().stream().anyMatch(isThat(image)))
            .toList();
    if (!images.isEmpty()) {
      report.write(images);
      terminal.line("");
    }
    settlement.standings().forEach(this::conclude);
    suggest(settlement, images, report);
    told = errors();
  }

  private static Predicate<Applied> isThat(Image image) {
    return applied ->
        applied.kind().equals("Image")
            && applied.namespace().equals(image.getMetadata().getNamespace())
            && applied.name().equals(image.getMetadata().getName());
  }

  private void conclude(Applied object, Standing standing) {
    if (standing instanceof Standing.Stalled stalled) {
      terminal.line(error(object.title(), stalled));
    } else if (standing instanceof Standing.Pending pending
        && options.ending() instanceof WhenSettled settled) {
      terminal.line(
          terminal.toned(Tone.BAD, terminal.cross() + " " + object.title())
              + " is not Ready after "
              + Amounts.time(settled.timeout())
              + ": "
              + pending.reason());
    }
  }

  private String error(String title, Standing.Stalled stalled) {
    return terminal.toned(Tone.BAD, terminal.cross() + " " + title)
        + " is Stalled, "
        + stalled.reason()
        + ": "
        + stalled.message();
  }

  private void suggest(Settlement settlement, List<Image> images, Report report) {
    List<String> commands = new ArrayList<>();
    if (options.ending() instanceof WhenTold) {
      commands.add("export KUBECONFIG=" + Shell.fullPath(session.directory().kubeconfig()));
      commands.add("kubectl get images -A -w");
      images.stream()
          .findFirst()
          .map(i -> "kubectl describe image " + i.getMetadata().getName() + namespaceOption(i))
          .ifPresent(commands::add);
    }
    bootable(images, report)
        .map(disk -> "qemu-system-x86_64 -display none -serial stdio -snapshot " + Shell.path(disk))
        .ifPresent(commands::add);

    String good =
        settlement.isGood() ? terminal.toned(Tone.GOOD, "All objects are Ready.") + " " : "";
    if (options.ending() instanceof WhenTold) {
      terminal.line(good + terminal.toned(Tone.STRONG, "Try next, in another terminal:"));
      commands.forEach(command -> terminal.line("  " + command));
      terminal.line("");
      terminal.line("Runs until Ctrl-C.");
    } else {
      terminal.line(good + "Without --once darkroom-dev keeps running, for kubectl.");
      if (!commands.isEmpty()) {
        terminal.line(terminal.toned(Tone.STRONG, "Try next:"));
        commands.forEach(command -> terminal.line("  " + command));
      }
    }
  }

  private static String namespaceOption(Image image) {
    String namespace = image.getMetadata().getNamespace();
    return "default".equals(namespace) ? "" : " -n " + namespace;
  }

  /** The sample disk boots; other images are unknown. */
  private Optional<Path> bootable(List<Image> images, Report report) {
    return options.isQuickstart() && Shell.has("qemu-system-x86_64", System.getenv())
        ? images.stream().flatMap(report::copies).findFirst()
        : Optional.empty();
  }

  /** Writes new errors of images. */
  void writeErrors() {
    List<String> now = errors();
    now.stream().filter(message -> !told.contains(message)).forEach(terminal::line);
    told = now;
  }

  private List<String> errors() {
    return session.objects().images().stream()
        .map(image -> Map.entry(image, LiveObjects.standing(image)))
        .filter(entry -> entry.getValue() instanceof Standing.Stalled)
        .map(
            entry ->
                error(
                    ImportProgressView.nameOf(entry.getKey()), (Standing.Stalled) entry.getValue()))
        .toList();
  }
}
