package io.heimdex.archive.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Sources as somebody would write them who wants another file than he may have. */
class SourceUriPropertyTests {

    /** What URIs are put together from, and what has led other parsers astray. */
    private static final String[] PIECES = {
        "file:",
        "FILE:",
        "file://",
        "file:///",
        "gs://",
        "gs://bucket/",
        "http://",
        "concat:",
        "/",
        "//",
        "\\",
        "\\\\",
        ".",
        "..",
        "...",
        "../",
        "..\\",
        "..;/",
        "a",
        "b.mp4",
        " ",
        "~",
        "%2e",
        "%2E",
        "%2f",
        "%5c",
        "%00",
        "%0a",
        "%25",
        "%252e",
        "%25%32%65",
        "%c0%ae",
        "%c0%af",
        "%e0%80%ae",
        "%u002e",
        "%",
        "%2",
        "%zz",
        "\0",
        "\n",
        "\r",
        "\t",
        "?",
        "?x=/..",
        "#",
        "&",
        "user@",
        "user:pass@",
        "@host",
        "localhost",
        "127.0.0.1",
        "[::1]",
        ":80",
        "C:",
        "c|",
        "C:\\",
        "CON",
        "NUL",
        "a:b",
        "::$DATA",
        "*",
        "|",
        "ß",
        "ü",
        "u\u0308",
        "\u202e",
        "\u2215",
        "\uff0e",
        "\uff0f",
        "\ufeff",
        "\u0085",
        "\ud83c\udfac",
        "\ud83c",
        "\udfac"
    };

    /** The whole contract: a place that is plain, or one of two codes. */
    @Property(tries = 5_000)
    void whateverIsTakenIsAPlainPlace(@ForAll("sources") String source) {
        assertPlainOrRefused(source);
    }

    @Property(tries = 1_000)
    void textOfAnyKindIsAPlainPlaceOrRefused(@ForAll String text) {
        assertPlainOrRefused(text);
        assertPlainOrRefused("file:///" + text);
        assertPlainOrRefused("gs://bucket/" + text);
    }

    @Property
    void namesOfAnyKindAreKeptHoweverTheyAreWritten(
            @ForAll("paths") List<String> names, @ForAll Random random) {
        SourceUri uri = SourceUri.parse("file:///" + encoded(names, random));

        assertThat(uri.segments()).isEqualTo(names);
        assertThat(uri)
                .isEqualTo(SourceUri.parse("File:/" + encoded(names, random)))
                .isEqualTo(SourceUri.parse(uri.text()));
    }

    @Property
    void noStepLeadsUpOrNowhere(
            @ForAll("paths") List<String> names,
            @ForAll("steps") String step,
            @ForAll @IntRange(max = 4) int at,
            @ForAll Random random) {
        List<String> parts = new ArrayList<>(names.stream().map(n -> encoded(n, random)).toList());
        parts.add(Math.min(at, parts.size()), percented(step, random));

        assertRefused("file:///" + String.join("/", parts));
    }

    /** Once more decoded, each of these would mean something else. */
    @Property
    void whatIsEncodedTwiceIsRefused(
            @ForAll("paths") List<String> names,
            @ForAll("twice") char meant,
            @ForAll @IntRange(max = 4) int at,
            @ForAll Random random) {
        String twice = percented("%%%02x".formatted((int) meant), random);

        assertRefused(into(names, at, random, twice));
    }

    @Property
    void overlongUtf8IsRefused(
            @ForAll("paths") List<String> names,
            @ForAll @IntRange(max = 127) int ascii,
            @ForAll @IntRange(min = 2, max = 4) int bytes,
            @ForAll @IntRange(max = 4) int at,
            @ForAll Random random) {
        byte[] overlong = new byte[bytes];
        for (int i = bytes - 1, rest = ascii; i > 0; i--, rest >>= 6) {
            overlong[i] = (byte) (0x80 | (rest & 0x3f));
        }
        overlong[0] |= (byte) (bytes == 2 ? 0xc0 | ascii >> 6 : 0xf00 >> bytes);

        assertRefused(into(names, at, random, percent(overlong)));
    }

    @Property
    void bytesThatAreNotUtf8AreRefused(
            @ForAll("paths") List<String> names,
            @ForAll @Size(min = 1, max = 4) byte[] bytes,
            @ForAll @IntRange(max = 4) int at,
            @ForAll Random random) {
        String decoded = new String(bytes, StandardCharsets.UTF_8);
        if (decoded.contains("\ufffd")) {
            assertRefused(into(names, at, random, percent(bytes)));
        }
    }

    @Property
    void backslashesAndControlCharactersAreRefused(
            @ForAll("paths") List<String> names,
            @ForAll("forbidden") char forbidden,
            @ForAll @IntRange(max = 4) int at,
            @ForAll Random random) {
        String raw = Character.toString(forbidden);

        assertRefused(into(names, at, random, raw));
        assertRefused(into(names, at, random, percent(raw.getBytes(StandardCharsets.UTF_8))));
    }

    @Property
    void halfOfASurrogatePairIsRefused(
            @ForAll("paths") List<String> names,
            @ForAll @CharRange(from = '\ud800', to = '\udfff') char half,
            @ForAll @IntRange(max = 4) int at,
            @ForAll Random random) {
        assertRefused(into(names, at, random, Character.toString(half)));
    }

    @Property
    void aSlashOfANameIsRefusedAndNotTakenForOne(
            @ForAll("paths") List<String> names,
            @ForAll @IntRange(max = 4) int at,
            @ForAll Random random) {
        assertRefused(into(names, at, random, random.nextBoolean() ? "%2f" : "%2F"));
    }

    @Property
    void queriesAndFragmentsAreRefused(
            @ForAll("paths") List<String> names,
            @ForAll("paths") List<String> query,
            @ForAll @IntRange(max = 4) int at,
            @ForAll Random random) {
        String begin = random.nextBoolean() ? "?" : "#";

        assertRefused(into(names, at, random, begin + encoded(query, random)));
        assertRefused("file:///" + encoded(names, random) + begin);
    }

    @Property
    void hostsUsersAndPortsAreRefused(
            @ForAll("authorities") String authority, @ForAll("paths") List<String> names) {
        String path = encoded(names, new Random(1));

        assertRefused("file://" + authority + "/" + path);
        assertRefused("file://" + authority);
        assertRefused("file:" + authority + "/" + path);
        assertRefused("file:////" + authority + "/" + path);
    }

    @Property
    void noBucketHasAUserAPortOrAPath(@ForAll("authorities") String authority) {
        if (!authority.matches("[a-z0-9][a-z0-9._-]+[a-z0-9]")) {
            assertRefused("gs://" + authority + "/a.mp4");
        }
    }

    @Property
    void pathsOfWindowsAreRefused(
            @ForAll("windows") String path, @ForAll("paths") List<String> names) {
        String below = names.stream().map(n -> "\\" + n).collect(Collectors.joining());

        assertRefused(path + below);
        assertRefused("file:" + path + below);
        assertRefused("file://" + path + below);
        assertRefused("file:///" + path + below);
    }

    @Property
    void theNameOfAnObjectIsKeptAsItIs(@ForAll("objects") String name) {
        SourceUri uri = SourceUri.parse("gs://bucket/" + name);

        assertThat(uri.segments()).containsExactly("bucket", name);
        assertThat(uri.text()).isEqualTo("gs://bucket/" + name);
    }

    /** What a walk finds and what a client writes is one place. */
    @Property
    void aChildIsWhatItsTextSays(@ForAll("paths") List<String> names) {
        SourceUri uri = SourceUri.parse("file:///archive");
        for (String name : names) {
            uri = uri.child(name.getBytes(StandardCharsets.UTF_8));
        }

        assertThat(SourceUri.parse(uri.text())).isEqualTo(uri);
        assertThat(uri.segments().subList(1, uri.segments().size())).isEqualTo(names);
    }

    @Provide
    Arbitrary<String> sources() {
        Arbitrary<String> pieces = Arbitraries.of(PIECES);
        Arbitrary<String> rest = pieces.list().ofMaxSize(12).map(list -> String.join("", list));
        return Combinators.combine(
                        Arbitraries.frequencyOf(
                                Tuple.of(3, Arbitraries.of("file:///", "file:/")),
                                Tuple.of(1, pieces)),
                        rest)
                .as(String::concat);
    }

    /** Names that a file may have: of other alphabets, with percent signs, dots and blanks. */
    @Provide
    Arbitrary<List<String>> paths() {
        Arbitrary<String> odd =
                Arbitraries.of("...", "..a", "a..", "100%", "%41", "?", "#", " ", "\ud83c\udfac");
        Arbitrary<String> any = Arbitraries.strings().ofMinLength(1).ofMaxLength(12);
        return Arbitraries.oneOf(any, odd)
                .filter(SourceUriPropertyTests::isPlain)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }

    @Provide
    Arbitrary<String> steps() {
        return Arbitraries.of(".", "..", "");
    }

    @Provide
    Arbitrary<Character> twice() {
        return Arbitraries.of('.', '/', '\\', '\0');
    }

    @Provide
    Arbitrary<Character> forbidden() {
        return Arbitraries.oneOf(
                Arbitraries.just('\\'),
                Arbitraries.chars().range('\0', '\u001f'),
                Arbitraries.chars().range('\u007f', '\u009f'));
    }

    @Provide
    Arbitrary<String> authorities() {
        Arbitrary<String> user = Arbitraries.of("", "user@", "user:pass@", ":@", "a%40b@", "@");
        Arbitrary<String> host =
                Arbitraries.of(
                        "localhost", "127.0.0.1", "[::1]", "0", "host", "x.", "..", "C:", "%00");
        Arbitrary<String> port = Arbitraries.of("", ":80", ":", ":x");
        return Combinators.combine(user, host, port).as((a, b, c) -> a + b + c);
    }

    @Provide
    Arbitrary<String> windows() {
        return Arbitraries.of(
                "C:", "c:", "Z:", "c|", "\\\\?\\C:", "\\\\.\\C:", "\\", "\\\\server", ".");
    }

    @Provide
    Arbitrary<String> objects() {
        return Arbitraries.oneOf(
                        Arbitraries.strings().ofMinLength(1).ofMaxLength(100),
                        Arbitraries.of(PIECES)
                                .list()
                                .ofMinSize(1)
                                .ofMaxSize(9)
                                .map(p -> String.join("", p)))
                .filter(name ->
                        isUnicode(name)
                                && !name.equals(".")
                                && !name.equals("..")
                                && name.chars().noneMatch(Character::isISOControl));
    }

    private static boolean isPlain(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return !name.isEmpty()
                && !name.equals(".")
                && !name.equals("..")
                && isUnicode(name)
                && name.chars().noneMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c))
                && List.of("%2e", "%2f", "%5c", "%00").stream().noneMatch(lower::contains);
    }

    private static boolean isUnicode(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    /** A URI of the names, with the piece somewhere in one of them. */
    private static String into(List<String> names, int at, Random random, String piece) {
        List<String> parts = new ArrayList<>(names.stream().map(n -> encoded(n, random)).toList());
        int part = Math.min(at, parts.size() - 1);
        parts.set(part, random.nextBoolean() ? parts.get(part) + piece : piece + parts.get(part));
        return "file:///" + String.join("/", parts);
    }

    private static String encoded(List<String> names, Random random) {
        return names.stream().map(name -> encoded(name, random)).collect(Collectors.joining("/"));
    }

    /** Percent signs for what needs them, and for some of what does not. */
    private static String encoded(String name, Random random) {
        return name.codePoints()
                .mapToObj(Character::toString)
                .map(one ->
                        "%?#".contains(one) || random.nextInt(3) == 0
                                ? percent(one.getBytes(StandardCharsets.UTF_8))
                                : one)
                .collect(Collectors.joining());
    }

    /** Percent signs for some of it. */
    private static String percented(String text, Random random) {
        return text.chars()
                .mapToObj(c ->
                        c == '%' || random.nextBoolean()
                                ? "%%%02x".formatted(c)
                                : Character.toString(c))
                .collect(Collectors.joining());
    }

    private static String percent(byte[] bytes) {
        return "%" + HexFormat.ofDelimiter("%").formatHex(bytes);
    }

    private static void assertPlainOrRefused(String source) {
        SourceUri uri;
        try {
            uri = SourceUri.parse(source);
        } catch (HeimdexException e) {
            assertThat(e.code()).isIn(ErrorCode.INVALID_SOURCE_URI, ErrorCode.SCHEME_NOT_ALLOWED);
            return;
        }
        assertThat(SourceUri.parse(uri.text())).isEqualTo(uri);
        assertThat(uri.text().chars()).noneMatch(Character::isISOControl);
        if (uri.scheme().equals(SourceUri.FILE)) {
            assertThat(uri.text()).startsWith("file:///").isPrintable();
            assertThat(uri.segments()).isNotEmpty().allMatch(SourceUriPropertyTests::isPlain);
            Path path = Path.of("/", uri.segments().toArray(String[]::new));
            assertThat((Object) path).isEqualTo(path.normalize());
            assertThat(path.getNameCount()).isEqualTo(uri.segments().size());
        } else {
            assertThat(uri.text()).isEqualTo("gs://" + String.join("/", uri.segments()));
            if (uri.segments().size() > 1) {
                assertThat(source.substring(3)).isEqualTo(uri.text().substring(3));
            }
        }
    }

    private static void assertRefused(String source) {
        HeimdexException refusal = null;
        try {
            SourceUri.parse(source);
        } catch (HeimdexException e) {
            refusal = e;
        }
        assertThat(refusal).as(source).isNotNull();
        assertThat(refusal)
                .extracting(HeimdexException::code)
                .isIn(ErrorCode.INVALID_SOURCE_URI, ErrorCode.SCHEME_NOT_ALLOWED);
    }
}
