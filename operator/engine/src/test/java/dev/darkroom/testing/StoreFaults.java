package dev.darkroom.testing;

import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The script of a {@link FaultyStore}: the faults of its operations. */
final class StoreFaults {

  /** Whether a fault happens before or after the operation. */
  enum Moment {
    BEFORE,
    AFTER
  }

  /** A fault. */
  @FunctionalInterface
  interface Fault {
    void happen() throws StoreException, InterruptedException;
  }

  private static final class Rule {
    private final FaultyStore.Operation operation;
    private final int first;
    private final int last;
    private final Moment moment;
    private final Fault fault;
    private final AtomicInteger seen = new AtomicInteger();

    Rule(FaultyStore.Operation operation, int first, int last, Moment moment, Fault fault) {
      this.operation = operation;
      this.first = first;
      this.last = last;
      this.moment = moment;
      this.fault = fault;
    }

    boolean applies(FaultyStore.Operation now, Moment when) {
      if (operation != now || moment != when) {
        return false;
      }
      int number = seen.incrementAndGet();
      return number >= first && number <= last;
    }
  }

  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final Map<FaultyStore.Operation, AtomicInteger> calls =
      new EnumMap<>(FaultyStore.Operation.class);
  private final AtomicLong room = new AtomicLong(Long.MAX_VALUE / 2);

  StoreFaults() {
    for (FaultyStore.Operation operation : FaultyStore.Operation.values()) {
      calls.put(operation, new AtomicInteger());
    }
  }

  /** Adds a fault; numbers count from 1, starting now. */
  void add(FaultyStore.Operation operation, int first, int last, Moment moment, Fault fault) {
    rules.add(new Rule(operation, first, last, moment, fault));
  }

  void clear() {
    rules.clear();
    room.set(Long.MAX_VALUE / 2);
  }

  int calls(FaultyStore.Operation operation) {
    return calls.get(operation).get();
  }

  void before(FaultyStore.Operation operation) throws StoreException {
    calls.get(operation).incrementAndGet();
    happen(operation, Moment.BEFORE);
  }

  void after(FaultyStore.Operation operation) throws StoreException {
    happen(operation, Moment.AFTER);
  }

  private void happen(FaultyStore.Operation operation, Moment moment) throws StoreException {
    for (Rule rule : rules) {
      if (rule.applies(operation, moment)) {
        try {
          rule.fault.happen();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new StoreException(Kind.UNAVAILABLE, "interrupted at " + operation, e);
        }
      }
    }
  }

  void setRoom(long bytes) {
    room.set(bytes);
  }

  /** Takes at most so many bytes of the capacity; returns how many there were. */
  int takeRoom(int wanted) {
    long before = room.getAndUpdate(left -> left - Math.min(left, wanted));
    return (int) Math.min(before, wanted);
  }

  void giveRoomBack(long bytes) {
    room.addAndGet(bytes);
  }
}
