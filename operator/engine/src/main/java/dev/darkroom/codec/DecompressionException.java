package dev.darkroom.codec;

import java.io.IOException;

/** The reason why a compressed stream can't be expanded. The message is one sentence for users. */
public abstract sealed class DecompressionException extends IOException
    permits DecompressionException.LimitExceeded, DecompressionException.Damaged {

  private static final long serialVersionUID = 1L;

  private DecompressionException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The stream exceeds one of the {@link DecodeLimits}; it may be valid otherwise. */
  public static final class LimitExceeded extends DecompressionException {

    private static final long serialVersionUID = 1L;

    /** Which limit. */
    public enum Limit {
      /** {@link DecodeLimits#expandedBytes}. */
      EXPANDED_SIZE,
      /** {@link DecodeLimits#ratio}. */
      RATIO,
      /** {@link DecodeLimits#memoryBytes}. */
      MEMORY,
      /** {@link DecodeLimits#decodingTime}. */
      TIME
    }

    private final Limit limit;

    LimitExceeded(Limit limit, String message) {
      super(message, null);
      this.limit = limit;
    }

    /** Which limit. */
    public Limit limit() {
      return limit;
    }
  }

  /** The stream does not conform to its format. */
  public static final class Damaged extends DecompressionException {

    private static final long serialVersionUID = 1L;

    /** In which way. */
    public enum Damage {
      /** The stream ends too early. */
      TRUNCATED,
      /** A checksum is wrong, the contents are malformed, or other bytes follow the end. */
      CORRUPT,
      /** The stream may be valid, but uses a feature that this decoder does not support. */
      UNSUPPORTED
    }

    private final Damage damage;

    Damaged(Damage damage, String message, Throwable cause) {
      super(message, cause);
      this.damage = damage;
    }

    /** In which way. */
    public Damage damage() {
      return damage;
    }
  }
}
