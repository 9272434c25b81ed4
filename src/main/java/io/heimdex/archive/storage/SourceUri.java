package io.heimdex.archive.storage;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.web.util.UriUtils;

/**
 * The place of a media file, taken apart once so that nobody has to guess later what a part of it
 * means.
 *
 * @param text the URI in the one spelling under which it is kept and compared
 * @param scheme in lower case
 * @param segments of a file the decoded names of its path, none of them empty, {@code .} or {@code
 *     ..}; of {@code gs:} the bucket and the object's name, which is no path and is kept as it is
 */
public record SourceUri(String text, String scheme, List<String> segments) {

    /** The scheme of files in folders. */
    public static final String FILE = "file";

    /** The scheme of Google Cloud Storage. */
    public static final String GCS = "gs";

    private static final int MAX_BYTES = 3072;
    private static final int MAX_OBJECT_BYTES = 1024;
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]");

    /**
     * Reads a URI strictly: {@code file:} and an absolute path below no host, percent-decoded
     * exactly once; or {@code gs://bucket/name} with the name as it is.
     *
     * @throws HeimdexException {@code invalid_source_uri} or, for anything but {@code file:} and
     *     {@code gs:}, {@code scheme_not_allowed}
     */
    public static SourceUri parse(String text) {
        if (text.isBlank() || text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw tooLong();
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            // Encoded, half a surrogate pair becomes '?': the name of another file.
            throw invalid("it is not Unicode");
        }
        int colon = text.indexOf(':');
        if (colon < 1 || !text.substring(0, colon).chars().allMatch(SourceUri::inScheme)) {
            throw invalid("it names no scheme; write file:///folder/name");
        }
        String scheme = text.substring(0, colon).toLowerCase(Locale.ROOT);
        if (scheme.equals(GCS)) {
            return object(text.substring(colon + 1));
        }
        if (!scheme.equals(FILE)) {
            throw new HeimdexException(
                    ErrorCode.SCHEME_NOT_ALLOWED,
                    "Sources of the scheme '" + scheme + "' are not taken; use file: or gs:.");
        }
        String rest = text.substring(colon + 1);
        if (rest.startsWith("//")) {
            rest = rest.substring(2);
        }
        if (!rest.startsWith("/")) {
            throw invalid("it names a host or a relative path; write file:///folder/name");
        }
        if (rest.startsWith("//")) {
            throw invalid("its path begins with two slashes");
        }
        List<String> segments =
                List.of(rest.substring(1).split("/", -1)).stream()
                        .map(raw -> checked(decode(raw)))
                        .toList();
        return new SourceUri(canonical(scheme, segments), scheme, segments);
    }

    /**
     * The place of a name in the folder that is here.
     *
     * @param name as the file system has it
     * @throws HeimdexException {@code invalid_source_uri} for a name that {@link #parse} would not
     *     take
     */
    public SourceUri child(byte[] name) {
        String decoded = checked(utf8(name));
        String childText = text + "/" + encoded(decoded);
        if (childText.length() > MAX_BYTES) {
            throw tooLong();
        }
        List<String> names = new ArrayList<>(segments.size() + 1);
        names.addAll(segments);
        names.add(decoded);
        return new SourceUri(childText, scheme, List.copyOf(names));
    }

    /** A bucket or an object in it, as {@code //bucket} or {@code //bucket/name}. */
    private static SourceUri object(String rest) {
        int slash = rest.indexOf('/', 2);
        String bucket =
                rest.startsWith("//") ? rest.substring(2, slash < 0 ? rest.length() : slash) : "";
        if (!BUCKET.matcher(bucket).matches()) {
            throw invalid("it names no bucket; write gs://bucket/name");
        }
        String name = slash < 0 ? "" : rest.substring(slash + 1);
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_OBJECT_BYTES) {
            throw invalid("the object's name is longer than " + MAX_OBJECT_BYTES + " bytes");
        }
        if (name.chars().anyMatch(Character::isISOControl)) {
            throw invalid("the object's name holds a control character");
        }
        if (name.equals(".") || name.equals("..")) {
            throw invalid("'" + name + "' is no object's name");
        }
        return new SourceUri(
                GCS + "://" + bucket + (name.isEmpty() ? "" : "/" + name),
                GCS,
                name.isEmpty() ? List.of(bucket) : List.of(bucket, name));
    }

    /** The file's own name: what follows the last slash. */
    public String name() {
        String last = segments.getLast();
        return last.substring(last.lastIndexOf('/', last.length() - 2) + 1);
    }

    @Override
    public String toString() {
        return text;
    }

    private static String canonical(String scheme, List<String> segments) {
        return segments.stream()
                .map(SourceUri::encoded)
                .collect(Collectors.joining("/", scheme + ":///", ""));
    }

    private static String encoded(String name) {
        return UriUtils.encodePathSegment(name, StandardCharsets.UTF_8);
    }

    private static boolean inScheme(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '+'
                || c == '-';
    }

    private static String checked(String decoded) {
        if (decoded.isEmpty() || decoded.equals(".") || decoded.equals("..")) {
            throw invalid("its path has an empty, '.' or '..' part");
        }
        if (decoded.indexOf('/') >= 0 || decoded.indexOf('\\') >= 0) {
            throw invalid("a part of its path holds an encoded slash or a backslash");
        }
        if (decoded.chars().anyMatch(Character::isISOControl)) {
            throw invalid("its path holds a control character");
        }
        String again = decoded.toLowerCase(Locale.ROOT);
        if (again.contains("%2e")
                || again.contains("%2f")
                || again.contains("%5c")
                || again.contains("%00")) {
            throw invalid("its path is percent-encoded twice");
        }
        return decoded;
    }

    private static String decode(String raw) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                if (i + 2 >= raw.length()
                        || !HexFormat.isHexDigit(raw.charAt(i + 1))
                        || !HexFormat.isHexDigit(raw.charAt(i + 2))) {
                    throw invalid(
                            "a '%' in it is not followed by two hex digits; write %25 for the sign itself");
                }
                bytes.write(HexFormat.fromHexDigits(raw, i + 1, i + 3));
                i += 2;
            } else if (c == '?' || c == '#') {
                throw invalid(
                        "it has a query or a fragment; write %3F or %23 for the signs themselves");
            } else {
                int codePoint = raw.codePointAt(i);
                bytes.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
                i += Character.charCount(codePoint) - 1;
            }
        }
        return utf8(bytes.toByteArray());
    }

    private static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException _) {
            throw invalid("its path is not UTF-8");
        }
    }

    private static HeimdexException tooLong() {
        return invalid("it is empty or longer than " + MAX_BYTES + " bytes");
    }

    private static HeimdexException invalid(String why) {
        return new HeimdexException(
                ErrorCode.INVALID_SOURCE_URI, "The source URI is not taken: " + why + ".");
    }
}
