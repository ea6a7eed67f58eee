package dev.darkroom.transfer.model;

import java.util.List;

/** Records into several recorders. */
record CompositeRecorder(List<TransferObserver.Recorder> all) implements TransferObserver.Recorder {

  @Override
  public void entered(Progress.Stage stage) {
    all.forEach(each -> each.entered(stage));
  }

  @Override
  public void read(long bytes) {
    all.forEach(each -> each.read(bytes));
  }

  @Override
  public void wrote(String store, int bytes) {
    all.forEach(each -> each.wrote(store, bytes));
  }

  @Override
  public void ended(Outcome outcome) {
    all.forEach(each -> each.ended(outcome));
  }
}
