package dev.darkroom.cli;

import dev.darkroom.controller.ImageOperator;
import dev.darkroom.controller.Leadership;
import dev.darkroom.controller.LeaseSettings;
import dev.darkroom.controller.Observers;
import dev.darkroom.controller.OperatorSettings;
import dev.darkroom.controller.StoreFigures;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Collection;
import java.util.Optional;
import picocli.CommandLine;

/** What an operator's process does: it works, or it stands by to. */
interface Running extends AutoCloseable {

  /** Whether it can do its part. */
  boolean isReady();

  /** What it knows of stores. */
  Collection<StoreFigures> inventory();

  @Override
  void close();

  /**
   * Begins.
   *
   * @param lease by which several agree on who works; empty to work at once
   */
  static Running start(
      KubernetesClient client,
      OperatorSettings settings,
      Optional<LeaseSettings> lease,
      Observers observers) {
    return lease.isPresent()
        ? elected(
            Leadership.campaign(
                client,
                settings,
                observers,
                lease.get(),
                () -> Runtime.getRuntime().halt(CommandLine.ExitCode.SOFTWARE)))
        : alone(ImageOperator.start(client, settings, observers));
  }

  private static Running alone(ImageOperator operator) {
    return new Running() {
      @Override
      public boolean isReady() {
        return operator.isReady();
      }

      @Override
      public Collection<StoreFigures> inventory() {
        return operator.inventory();
      }

      @Override
      public void close() {
        operator.close();
      }
    };
  }

  private static Running elected(Leadership leadership) {
    return new Running() {
      @Override
      public boolean isReady() {
        return leadership.isReady();
      }

      @Override
      public Collection<StoreFigures> inventory() {
        return leadership.inventory();
      }

      @Override
      public void close() {
        leadership.close();
      }
    };
  }
}
