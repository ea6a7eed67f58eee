package dev.darkroom.store.s3;

import dev.darkroom.store.BlobKey;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of objects.
 *
 * @param prefix the prefix of all objects: empty, or ending with a slash
 * @param instance the name of this process in object names
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

    /** Returns the last segment of the name, which the record contains. */
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

  /** Returns a new name for the bytes of a blob. */
  Attempt newData(BlobKey key) {
    return attempt(directory(key), DATA);
  }

  /** Returns a new name for a claim to a key. */
  Attempt newClaim(BlobKey key) {
    return attempt(directory(key), CLAIM);
  }

  /** Returns a new name for a probe, which is not valid for a blob. */
  Attempt newProbe() {
    return attempt(prefix, PROBE);
  }

  private Attempt attempt(String directory, String kind) {
    return new Attempt(directory + kind + instance + "-" + random(), directory, instance);
  }

  /** Returns the attempt of an object's name, if it has one. */
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

  /** Returns the key of a record's name, if it is one. */
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

  /** Returns the key of a directory. */
  BlobKey keyOf(String directory) {
    return new BlobKey(directory.substring(prefix.length(), directory.length() - 1));
  }

  private static String random() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  }
}
