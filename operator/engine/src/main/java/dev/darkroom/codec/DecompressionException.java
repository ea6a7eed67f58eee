package dev.darkroom.codec;

import java.io.IOException;

/** Why a compressed stream can't be expanded. Its message is one sentence for people. */
public abstract sealed class DecompressionException extends IOException
    permits DecompressionException.LimitExceeded, DecompressionException.Damaged {

  private static final long serialVersionUID = 1L;

  private DecompressionException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The stream is more than the {@link DecodeLimits} allow, whether it is sound or not. */
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

  /** The stream is not what its format asks for. */
  public static final class Damaged extends DecompressionException {

    private static final long serialVersionUID = 1L;

    /** In which way. */
    public enum Damage {
      /** It ends in the middle. */
      TRUNCATED,
      /** A checksum in it is wrong, it makes no sense, or something else follows its end. */
      CORRUPT,
      /** It may be sound, but uses what this decoder does not know. */
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
