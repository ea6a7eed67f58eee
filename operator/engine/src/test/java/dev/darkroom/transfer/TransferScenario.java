package dev.darkroom.transfer;

import org.junit.jupiter.api.AfterEach;

/** The fixture of tests that transfer the same bytes to a store in memory. */
abstract class TransferScenario {

  static final byte[] BYTES = Requests.bytes(1_000_003);

  final TransferFixture fixture = new TransferFixture();
  final MemoryStore store = new MemoryStore();

  @AfterEach
  void close() {
    fixture.close();
  }

  /** A request for the bytes of the source in the store. */
  Requests request(BytesSource source) {
    return Requests.from(source).to(store);
  }
}
