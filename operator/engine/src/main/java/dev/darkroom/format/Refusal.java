package dev.darkroom.format;

/** Carries a verdict out of a probe; the inspector takes the verdict from it. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Verdict.Refused verdict;

  private Refusal(Verdict.Refused verdict) {
    // Without a stack trace: it is an answer, not a fault, and hostile input must not make it slow.
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
