package dev.darkroom.e2e.conformance;

import com.sun.jdi.IncompatibleThreadStateException;
import com.sun.jdi.Method;
import com.sun.jdi.ObjectReference;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.StringReference;
import com.sun.jdi.Value;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.VMDeathEvent;
import com.sun.jdi.event.VMDisconnectEvent;
import com.sun.jdi.request.ClassPrepareRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A place in our code: where a method is about to begin.
 *
 * @param type the class
 * @param method its method
 * @param argument the enum constant that it is called with, where that matters
 */
record Place(String type, String method, Optional<Enum<?>> argument) {

  /** Where the method is called with that constant. */
  static Place calling(String type, String method, Enum<?> argument) {
    return new Place(type, method, Optional.of(argument));
  }

  /** Where the method is called. */
  static Place calling(String type, String method) {
    return new Place(type, method, Optional.empty());
  }

  @Override
  public String toString() {
    String with = argument.map(Enum::name).orElse("");
    return type.substring(type.lastIndexOf('.') + 1) + "." + method + "(" + with + ")";
  }

  /**
   * Lets a stopped machine run until it is there, and leaves it stopped with all its threads.
   *
   * @return false when the machine ended before, or the time did
   */
  boolean reached(VirtualMachine machine, Duration within) throws InterruptedException {
    ClassPrepareRequest loading = machine.eventRequestManager().createClassPrepareRequest();
    loading.addClassFilter(type);
    loading.enable();
    machine.resume();
    long deadline = System.nanoTime() + within.toNanos();
    while (true) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      EventSet events = left <= 0 ? null : machine.eventQueue().remove(left);
      if (events == null) {
        return false;
      }
      for (Event event : events) {
        if (event instanceof ClassPrepareEvent loaded) {
          watch(machine, loaded.referenceType());
        } else if (event instanceof BreakpointEvent stopped && isMeant(stopped)) {
          return true;
        } else if (event instanceof VMDeathEvent || event instanceof VMDisconnectEvent) {
          return false;
        }
      }
      events.resume();
    }
  }

  private void watch(VirtualMachine machine, ReferenceType loaded) {
    List<Method> methods = loaded.methodsByName(method);
    if (methods.isEmpty()) {
      throw new IllegalStateException(type + " has no method " + method + " any more");
    }
    for (Method each : methods) {
      machine.eventRequestManager().createBreakpointRequest(each.location()).enable();
    }
  }

  private boolean isMeant(BreakpointEvent stopped) {
    if (argument.isEmpty()) {
      return true;
    }
    try {
      return stopped.thread().frame(0).getArgumentValues().stream().anyMatch(this::isConstant);
    } catch (IncompatibleThreadStateException e) {
      throw new IllegalStateException("a thread at a breakpoint runs", e);
    }
  }

  private boolean isConstant(Value value) {
    return value instanceof ObjectReference object
        && object
            .referenceType()
            .name()
            .equals(argument.orElseThrow().getDeclaringClass().getName())
        && object.getValue(object.referenceType().fieldByName("name"))
            instanceof StringReference name
        && name.value().equals(argument.orElseThrow().name());
  }
}
