package dev.darkroom.format;

import java.util.Optional;

/** An image that must be refused. */
public final class BadImage {

  private final String what;
  private final byte[] bytes;
  private final Optional<DiskFormat> declared;
  private final Class<? extends Verdict.Refused> refusal;

  BadImage(
      String what,
      byte[] bytes,
      Optional<DiskFormat> declared,
      Class<? extends Verdict.Refused> refusal) {
    this.what = what;
    this.bytes = bytes;
    this.declared = declared;
    this.refusal = refusal;
  }

  /** What is wrong with it, in a phrase. */
  public String what() {
    return what;
  }

  /** The file. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** The format that it is declared to have. */
  public Optional<DiskFormat> declared() {
    return declared;
  }

  /** How it is to be refused. */
  public Class<? extends Verdict.Refused> refusal() {
    return refusal;
  }

  @Override
  public String toString() {
    return what;
  }
}
