package dev.darkroom.sums;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/**
 * An OpenPGP message in the cleartext signature framework (RFC 9580, 7): the signed text and the
 * signature in one file. Only blank lines may precede or follow the message, because text outside
 * it is not signed.
 */
final class ClearSigned {

  private static final String BEGIN = "-----BEGIN PGP SIGNED MESSAGE-----";
  private static final String SIGNATURE = "-----BEGIN PGP SIGNATURE-----";
  private static final String END = "-----END PGP SIGNATURE-----";

  private final byte[] text;
  private final byte[] signature;

  private ClearSigned(byte[] text, byte[] signature) {
    this.text = text;
    this.signature = signature;
  }

  static ClearSigned parse(byte[] document) throws SignatureInvalidException {
    // One byte per character, so that the signed bytes stay the same.
    List<String> lines = new String(document, StandardCharsets.ISO_8859_1).lines().toList();
    int begin = 0;
    while (begin < lines.size() && lines.get(begin).isBlank()) {
      begin++;
    }
    if (begin == lines.size() || !lines.get(begin).stripTrailing().equals(BEGIN)) {
      throw new SignatureInvalidException(
          "The sums file is not a clear-signed message, and no detached signature was named.");
    }
    int first = begin + 1;
    while (first < lines.size() && !lines.get(first).isBlank()) {
      if (!lines.get(first).startsWith("Hash:")) {
        throw malformed("has a header other than Hash");
      }
      first++;
    }
    first++;
    int end = first;
    while (end < lines.size() && !lines.get(end).stripTrailing().equals(SIGNATURE)) {
      end++;
    }
    int last = end;
    while (last < lines.size() && !lines.get(last).stripTrailing().equals(END)) {
      last++;
    }
    if (last >= lines.size()) {
      throw malformed("has no complete signature");
    }
    if (!lines.subList(last + 1, lines.size()).stream().allMatch(String::isBlank)) {
      throw malformed("has unsigned text behind its signature");
    }
    return new ClearSigned(
        signedText(lines.subList(first, end)),
        String.join("\n", lines.subList(end, last + 1)).getBytes(StandardCharsets.ISO_8859_1));
  }

  /**
   * Returns the text in its signed form: lines end in CRLF without trailing blanks; the last line
   * has no end.
   */
  byte[] text() {
    return text.clone();
  }

  Signer verify(VerificationKey key, Instant now) throws SignatureInvalidException {
    if (key instanceof OpenPgpKeys keys) {
      return keys.verifyText(text, signature, now);
    }
    throw new SignatureInvalidException(
        "The sums file is a clear-signed OpenPGP message, but the public key is not an OpenPGP"
            + " key.");
  }

  private static byte[] signedText(List<String> lines) throws SignatureInvalidException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith("- ")) {
        line = line.substring(2);
      } else if (line.startsWith("-")) {
        throw malformed("has a line that begins with an unescaped dash");
      }
      int length = line.length();
      while (length > 0 && " \t\r".indexOf(line.charAt(length - 1)) >= 0) {
        length--;
      }
      text.writeBytes((i == 0 ? "" : "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      text.writeBytes(line.substring(0, length).getBytes(StandardCharsets.ISO_8859_1));
    }
    return text.toByteArray();
  }

  private static SignatureInvalidException malformed(String how) {
    return new SignatureInvalidException("The clear-signed sums file " + how + ".");
  }
}
