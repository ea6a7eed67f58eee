package dev.darkroom.e2e.bench;

import dev.darkroom.e2e.bench.figures.Sample;
import java.io.IOException;
import java.util.Optional;

/**
 * A floor that counts its bytes once per import.
 *
 * @param floor the floor for all imports
 * @param times the number of imports
 */
record RepeatedFloor(Measurement floor, int times) implements Measurement {

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
