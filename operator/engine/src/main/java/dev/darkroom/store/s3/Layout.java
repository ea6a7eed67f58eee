package dev.darkroom.store.s3;

import dev.darkroom.store.BlobKey;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What objects are called.
 *
 * @param prefix of all objects: empty, or ending with a slash
 * @param instance the name of this process in what it writes
 */
record Layout(String prefix, String instance) {

  /** The last segment of a record's name. */
  static final String RECORD = "disk.json";

  private static final String DATA = "disk-";
  private static final String CLAIM = "claim-";
  private static final String PROBE = ".probe-";
  private static final Pattern ATTEMPT =
      Pattern.compile("(?<kind>disk-|claim-|\\.probe-)(?<instance>[a-z0-9.-]+)-[0-9a-f]{16}");

  static Layout of(S3StoreConfig config) {
    return new Layout(
        config.prefix().isEmpty() ? "" : config.prefix() + "/",
        config.instance().orElseGet(Layout::random));
  }

  /** A name that belongs to one attempt of one process. */
  record Attempt(String object, String directory, String instance) {

    /** The last segment of the name, by which a record refers to it. */
    String name() {
      return object.substring(directory.length());
    }

    boolean isData() {
      return name().startsWith(DATA);
    }
  }

  String record(BlobKey key) {
    return directory(key) + RECORD;
  }

  String directory(BlobKey key) {
    return prefix + key + "/";
  }

  /** A new name for the bytes of a blob. */
  Attempt newData(BlobKey key) {
    return attempt(directory(key), DATA);
  }

  /** A new name for a claim to a key. */
  Attempt newClaim(BlobKey key) {
    return attempt(directory(key), CLAIM);
  }

  /** A new name for a probe, which can't be a blob's. */
  Attempt newProbe() {
    return attempt(prefix, PROBE);
  }

  private Attempt attempt(String directory, String kind) {
    return new Attempt(directory + kind + instance + "-" + random(), directory, instance);
  }

  /** The attempt that an object belongs to, if it is an attempt's. */
  Optional<Attempt> attempt(String object) {
    String directory = object.substring(0, object.lastIndexOf('/') + 1);
    Matcher name = ATTEMPT.matcher(object.substring(directory.length()));
    if (!directory.startsWith(prefix) || !name.matches()) {
      return Optional.empty();
    }
    boolean isProbe = name.group("kind").equals(PROBE);
    boolean isOurs = isProbe ? directory.equals(prefix) : isKey(directory);
    return isOurs
        ? Optional.of(new Attempt(object, directory, name.group("instance")))
        : Optional.empty();
  }

  /** The key whose record an object is, if it is a record. */
  Optional<BlobKey> keyOfRecord(String object) {
    String directory = object.substring(0, object.lastIndexOf('/') + 1);
    return object.equals(directory + RECORD) && isKey(directory)
        ? Optional.of(keyOf(directory))
        : Optional.empty();
  }

  private boolean isKey(String directory) {
    return directory.startsWith(prefix)
        && directory.length() > prefix.length()
        && BlobKey.isValid(directory.substring(prefix.length(), directory.length() - 1));
  }

  /** The key that a directory is of. */
  BlobKey keyOf(String directory) {
    return new BlobKey(directory.substring(prefix.length(), directory.length() - 1));
  }

  private static String random() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  }
}
