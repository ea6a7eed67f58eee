package dev.darkroom.format;

/** Thrown by a probe that has seen enough; the inspector turns it into the verdict it carries. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Verdict.Refused verdict;

  private Refusal(Verdict.Refused verdict) {
    // An answer, not a fault: nobody reads its stack, and hostile input must not make it costly.
    super(verdict.message(), null, false, false);
    this.verdict = verdict;
  }

  static Refusal unsafe(DiskFormat format, String message) {
    return new Refusal(new Verdict.Unsafe(format, message));
  }

  static Refusal truncated(DiskFormat format, String message) {
    return new Refusal(new Verdict.Truncated(format, message));
  }

  static Refusal mismatch(DiskFormat declared, DiskFormat found, String message) {
    return new Refusal(new Verdict.Mismatch(declared, found, message));
  }

  static Refusal unknown(String message) {
    return new Refusal(new Verdict.Unknown(message));
  }

  Verdict.Refused verdict() {
    return verdict;
  }
}
