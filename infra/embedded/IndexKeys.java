import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.bson.ObjectId;
import java.time.Instant;

/**
 * Values as texts that are in the same order, in MongoDB's order of types: what is missing, numbers, texts, ids, yes or no,
 * times. None is the beginning of another, so that several make one key.
 */
final class IndexKeys {
  /** Behind every key that begins like the one it is put to, which ends a value: the next one begins with its kind. */
  static final String END = "\uffff";

  private static final char MISSING = '1';
  private static final char NUMBER = '3';
  private static final char TEXT = '4';
  private static final char ID = '6';
  private static final char BOOLEAN = '7';
  private static final char TIME = '8';

  private IndexKeys() {}

  /** Null for a value of another kind: a list, a document, bytes. */
  static String encode(Object value) {
    if (Missing.isNullOrMissing(value)) return String.valueOf(MISSING);
    if (value instanceof Number number) return NUMBER + ordered(number.doubleValue());
    if (value instanceof String text) return TEXT + text.replace("\0", "\0\1") + "\0\0";
    if (value instanceof ObjectId id) return ID + id.getHexData();
    if (value instanceof Boolean is) return BOOLEAN + (is ? "1" : "0");
    if (value instanceof Instant time) return TIME + hex(time.toEpochMilli() ^ Long.MIN_VALUE);
    return null;
  }

  /** Before all values of the kind that an encoded one is of. */
  static String kindOf(String encoded) {
    return encoded.substring(0, 1);
  }

  /** Behind all values of that kind: a text may begin with any character. */
  static String behindKindOf(String encoded) {
    return String.valueOf((char) (encoded.charAt(0) + 1));
  }

  /** IEEE 754 doubles compare as whole numbers once the sign, and below zero all the rest, is turned over. */
  private static String ordered(double number) {
    long bits = Double.doubleToLongBits(number == 0 ? 0.0 : number);
    return hex(bits < 0 ? ~bits : bits ^ Long.MIN_VALUE);
  }

  private static String hex(long bits) {
    String digits = Long.toHexString(bits);
    return "0".repeat(16 - digits.length()) + digits;
  }
}
