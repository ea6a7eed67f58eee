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
 * The order in which transfers start. Tenants take turns; the transfers of one tenant start in the
 * order of their submission. A transfer that waits for a store is overtaken by transfers that do
 * not need the store, and by no others, so that it does not starve. Not thread-safe.
 */
public final class TransferQueue<T extends TransferQueue.Entry> {

  /** A transfer that waits or runs. */
  public interface Entry {
    /** What was requested. */
    TransferRequest request();
  }

  private final TransferOptions options;

  /** The waiting transfers by tenant, in the order of the turns. */
  private final Map<String, Deque<T>> tenants = new LinkedHashMap<>();

  private final Map<String, Integer> runningOfTenant = new HashMap<>();
  private final Map<String, Integer> runningOfStore = new HashMap<>();
  private int running;

  /** An empty queue with the limits of the options. */
  public TransferQueue(TransferOptions options) {
    this.options = options;
  }

  /** Adds a transfer at the end of its tenant's queue. */
  public void add(T transfer) {
    tenants.computeIfAbsent(transfer.request().tenant(), name -> new ArrayDeque<>()).add(transfer);
  }

  /** Removes a transfer that has not started; returns whether it was waiting. */
  public boolean remove(T transfer) {
    String tenant = transfer.request().tenant();
    Deque<T> waiting = tenants.getOrDefault(tenant, new ArrayDeque<>());
    boolean removed = waiting.remove(transfer);
    if (waiting.isEmpty()) {
      tenants.remove(tenant);
    }
    return removed;
  }

  /** Takes the next transfer that may start; it counts as running until {@link #ended}. */
  public Optional<T> next() {
    if (running >= options.slots()) {
      return Optional.empty();
    }
    Set<String> reserved = new HashSet<>();
    for (Map.Entry<String, Deque<T>> entry : tenants.entrySet()) {
      if (tenantIsFull(entry.getKey())) {
        continue;
      }
      for (T transfer : entry.getValue()) {
        List<String> stores = stores(transfer);
        if (stores.stream().noneMatch(s -> storeIsFull(s) || reserved.contains(s))) {
          start(entry.getKey(), transfer);
          return Optional.of(transfer);
        }
        reserved.addAll(stores);
      }
    }
    return Optional.empty();
  }

  /** Frees the slot of a transfer that {@link #next} returned. */
  public void ended(T transfer) {
    running--;
    count(runningOfTenant, transfer.request().tenant(), -1);
    stores(transfer).forEach(store -> count(runningOfStore, store, -1));
  }

  /** How many transfers have a slot. */
  public int running() {
    return running;
  }

  /** The place of a waiting transfer; empty when it does not wait. */
  public Optional<QueuePlace> place(T transfer) {
    String tenant = transfer.request().tenant();
    int before = 0;
    boolean passed = false;
    int mine = index(tenants.getOrDefault(tenant, new ArrayDeque<>()), transfer);
    if (mine < 0) {
      return Optional.empty();
    }
    for (Map.Entry<String, Deque<T>> entry : tenants.entrySet()) {
      if (entry.getKey().equals(tenant)) {
        passed = true;
      } else {
        // One transfer of every tenant starts in each round.
        before += Math.min(entry.getValue().size(), passed ? mine : mine + 1);
      }
    }
    int position = before + mine + 1;
    if (tenantIsFull(tenant)) {
      return Optional.of(new QueuePlace(position, QueuePlace.Limit.TENANT, Optional.empty()));
    }
    Optional<String> full = stores(transfer).stream().filter(this::storeIsFull).findFirst();
    return Optional.of(
        new QueuePlace(
            position, full.isPresent() ? QueuePlace.Limit.STORE : QueuePlace.Limit.SLOTS, full));
  }

  /** Starts a transfer; the next turn of its tenant comes after the turns of all others. */
  private void start(String tenant, T transfer) {
    Deque<T> rest = tenants.remove(tenant);
    rest.remove(transfer);
    if (!rest.isEmpty()) {
      tenants.put(tenant, rest);
    }
    running++;
    count(runningOfTenant, tenant, 1);
    stores(transfer).forEach(store -> count(runningOfStore, store, 1));
  }

  private boolean tenantIsFull(String tenant) {
    return options.slotsPerTenant().isPresent()
        && runningOfTenant.getOrDefault(tenant, 0) >= options.slotsPerTenant().getAsInt();
  }

  private boolean storeIsFull(String store) {
    return options.slotsPerStore().isPresent()
        && runningOfStore.getOrDefault(store, 0) >= options.slotsPerStore().getAsInt();
  }

  private static List<String> stores(Entry transfer) {
    List<String> names = new ArrayList<>();
    transfer.request().targets().forEach(target -> names.add(target.name()));
    return names;
  }

  private static void count(Map<String, Integer> counts, String name, int more) {
    int now = counts.merge(name, more, Integer::sum);
    if (now == 0) {
      counts.remove(name);
    }
  }

  private static <T> int index(Deque<T> waiting, T transfer) {
    int index = 0;
    for (Iterator<T> i = waiting.iterator(); i.hasNext(); index++) {
      if (i.next() == transfer) {
        return index;
      }
    }
    return -1;
  }
}
