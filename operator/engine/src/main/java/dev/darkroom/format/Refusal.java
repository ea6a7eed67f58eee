package dev.darkroom.format;

/** Carries a verdict from a probe to the inspector. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Verdict.Refused verdict;

  private Refusal(Verdict.Refused verdict) {
    // No stack trace: a refusal is a result, not a fault, and hostile input must not cost time.
    super(verdict.message(), null, false, false);
    this.verdict = verdict;
  }

  static Refusal unsafe(DiskFormat format, String message) {
    return new Refusal(new Verdict.Unsafe(format, message));
  }

  static Refusal truncated(DiskFormat format, String message) {
    return new Refusal(new Verdict.Truncated(format, message));
  }

  static Refusal tooLarge(DiskFormat format, String message) {
    return new Refusal(new Verdict.TooLarge(format, message));
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
