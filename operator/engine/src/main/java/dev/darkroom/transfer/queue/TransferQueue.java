package dev.darkroom.transfer.queue;

import dev.darkroom.transfer.model.QueuePlace;
import dev.darkroom.transfer.model.TransferOptions;
import dev.darkroom.transfer.model.TransferRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who starts next. Tenants take turns; a tenant's own transfers start in the order they came in.
 * Who waits for a store is passed by those who do not need it, but by nobody who does, so that it
 * does not wait for ever. Not safe for use by many threads: its user has a lock.
 */
public final class TransferQueue<T extends TransferQueue.Entry> {

  /** A transfer that waits, or runs. */
  public interface Entry {
    TransferRequest request();
  }

  private final TransferOptions options;

  /** In the order of their turns. */
  private final Map<String, Deque<T>> tenants = new LinkedHashMap<>();

  private final Map<String, Integer> runningOfTenant = new HashMap<>();
  private final Map<String, Integer> runningOfStore = new HashMap<>();
  private int running;

  public TransferQueue(TransferOptions options) {
    this.options = options;
  }

  /** Joins at the end. */
  public void add(T submission) {
    tenants
        .computeIfAbsent(submission.request().tenant(), name -> new ArrayDeque<>())
        .add(submission);
  }

  /** Leaves without having started; whether it was waiting. */
  public boolean remove(T submission) {
    String tenant = submission.request().tenant();
    Deque<T> waiting = tenants.getOrDefault(tenant, new ArrayDeque<>());
    boolean removed = waiting.remove(submission);
    if (waiting.isEmpty()) {
      tenants.remove(tenant);
    }
    return removed;
  }

  /** Takes the next one that may start now, and counts it as running until {@link #ended}. */
  public Optional<T> next() {
    if (running >= options.slots()) {
      return Optional.empty();
    }
    Set<String> reserved = new HashSet<>();
    for (Map.Entry<String, Deque<T>> entry : tenants.entrySet()) {
      if (tenantIsFull(entry.getKey())) {
        continue;
      }
      for (T submission : entry.getValue()) {
        List<String> stores = stores(submission);
        if (stores.stream().noneMatch(s -> storeIsFull(s) || reserved.contains(s))) {
          start(entry.getKey(), submission);
          return Optional.of(submission);
        }
        reserved.addAll(stores);
      }
    }
    return Optional.empty();
  }

  /** One that {@link #next} gave has ended. */
  public void ended(T submission) {
    running--;
    count(runningOfTenant, submission.request().tenant(), -1);
    stores(submission).forEach(store -> count(runningOfStore, store, -1));
  }

  public int running() {
    return running;
  }

  /** Where it waits, if it does. */
  public Optional<QueuePlace> place(T submission) {
    String tenant = submission.request().tenant();
    int before = 0;
    boolean passed = false;
    int mine = index(tenants.getOrDefault(tenant, new ArrayDeque<>()), submission);
    if (mine < 0) {
      return Optional.empty();
    }
    for (Map.Entry<String, Deque<T>> entry : tenants.entrySet()) {
      if (entry.getKey().equals(tenant)) {
        passed = true;
      } else {
        // In each round one of every tenant starts.
        before += Math.min(entry.getValue().size(), passed ? mine : mine + 1);
      }
    }
    int position = before + mine + 1;
    if (tenantIsFull(tenant)) {
      return Optional.of(new QueuePlace(position, QueuePlace.Limit.TENANT, Optional.empty()));
    }
    Optional<String> full = stores(submission).stream().filter(this::storeIsFull).findFirst();
    return Optional.of(
        new QueuePlace(
            position, full.isPresent() ? QueuePlace.Limit.STORE : QueuePlace.Limit.SLOTS, full));
  }

  /** It starts, and its tenant's next turn is after everybody else's. */
  private void start(String tenant, T submission) {
    Deque<T> rest = tenants.remove(tenant);
    rest.remove(submission);
    if (!rest.isEmpty()) {
      tenants.put(tenant, rest);
    }
    running++;
    count(runningOfTenant, tenant, 1);
    stores(submission).forEach(store -> count(runningOfStore, store, 1));
  }

  private boolean tenantIsFull(String tenant) {
    return options.slotsPerTenant().isPresent()
        && runningOfTenant.getOrDefault(tenant, 0) >= options.slotsPerTenant().getAsInt();
  }

  private boolean storeIsFull(String store) {
    return options.slotsPerStore().isPresent()
        && runningOfStore.getOrDefault(store, 0) >= options.slotsPerStore().getAsInt();
  }

  private static List<String> stores(Entry submission) {
    List<String> names = new ArrayList<>();
    submission.request().targets().forEach(target -> names.add(target.name()));
    return names;
  }

  private static void count(Map<String, Integer> counts, String name, int more) {
    int now = counts.merge(name, more, Integer::sum);
    if (now == 0) {
      counts.remove(name);
    }
  }

  private static <T> int index(Deque<T> waiting, T submission) {
    int index = 0;
    for (Iterator<T> i = waiting.iterator(); i.hasNext(); index++) {
      if (i.next() == submission) {
        return index;
      }
    }
    return -1;
  }
}
