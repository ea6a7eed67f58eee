package dev.darkroom.e2e.bench;

import java.io.IOException;
import java.util.Optional;

/**
 * A floor of which the bytes count as often as there are imports.
 *
 * @param floor that does all of them at once
 * @param times how many there are
 */
record Manifold(Measurement floor, int times) implements Measurement {

  @Override
  public String name() {
    return floor.name();
  }

  @Override
  public Optional<String> missing() {
    return floor.missing();
  }

  @Override
  public Sample measure(DataFile data) throws IOException, InterruptedException {
    Sample once = floor.measure(data);
    return new Sample(once.bytes() * times, once.seconds(), once.cpuSeconds(), once.memory());
  }
}
