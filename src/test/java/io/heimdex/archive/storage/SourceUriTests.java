package io.heimdex.archive.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceUriTests {

    @ParameterizedTest
    @CsvSource({
        "file:/a/b,                   a|b",
        "file:///a/b,                 a|b",
        "FILE:/a/b,                   a|b",
        "File:///a/b,                 a|b",
        "file:///a/my%20clip.mp4,     a|my clip.mp4",
        "file:///a/my clip.mp4,       a|my clip.mp4",
        "file:///100%25/b,            100%|b",
        "file:///a/%25zz,             a|%zz",
        "file:///a/50%25,             a|50%",
        "file:///a/b%3Fc%23d,         a|b?c#d",
        "file:///a/Stra%C3%9Fe.mov,   a|Straße.mov",
        "file:///a/Straße.mov,        a|Straße.mov",
        "file:///a/%F0%9F%8E%AC.mov,  a|🎬.mov",
        "file:///a/🎬.mov,            a|🎬.mov",
        "file:///a/..b/c..,           a|..b|c..",
        "file:///a/...,               a|...",
        "file:///a/b+c,               a|b+c",
        "file:///C:/b,                C:|b",
        "file:///a,                   a"
    })
    void pathsAreDecodedExactlyOnce(String text, String segments) {
        assertThat(SourceUri.parse(text).segments())
                .isEqualTo(Arrays.asList(segments.split("\\|", -1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///a/my%20clip.mp4",
                "FILE:/a/my clip.mp4",
                "file:///%61/my%20clip%2emp4"
            })
    void everySpellingOfAPlaceBecomesTheSameText(String text) {
        SourceUri uri = SourceUri.parse(text);

        assertThat(uri.text()).isEqualTo("file:///a/my%20clip.mp4");
        assertThat(uri).hasToString("file:///a/my%20clip.mp4");
        assertThat(uri.name()).isEqualTo("my clip.mp4");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///a/../b",
                "file:///..",
                "file:///a/..",
                "file:///a/./b",
                "file:///a/%2e%2e/b",
                "file:///a/%2E%2E/b",
                "file:///a/.%2e/b",
                "file:///a/%2e",
                "file:/../b"
            })
    void stepsUpOrInPlaceAreRefused(String text) {
        assertRefused(text, "'.' or '..' part");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///a/%252e%252e/b",
                "file:///a/%252E/b",
                "file:///a%252fb",
                "file:///a%252Fb",
                "file:///a%255cb",
                "file:///a%2500b",
                "file:///a/%25%32%65%25%32%65/b"
            })
    void doubleEncodingIsRefused(String text) {
        assertRefused(text, "percent-encoded twice");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///a%2fb",
                "file:///a/..%2Fb",
                "file:///a/..\\b",
                "file:///a\\b",
                "file:///a%5cb",
                "file:///a/%5C"
            })
    void encodedSlashesAndBackslashesAreRefused(String text) {
        assertRefused(text, "encoded slash or a backslash");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///a/b%00.mp4",
                "file:///a/b\0.mp4",
                "file:///a/b\n",
                "file:///a/b%0a",
                "file:///a/b%0D",
                "file:///a/\t",
                "file:///a/b%1b[31m",
                "file:///a/b%7F",
                "file:///a/b%C2%85"
            })
    void controlCharactersAreRefused(String text) {
        assertRefused(text, "control character");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///a/b?",
                "file:///a/b?c=d",
                "file:///a?c/b",
                "file:///a/b#",
                "file:///a/b#t=10"
            })
    void queriesAndFragmentsAreRefused(String text) {
        assertRefused(text, "query or a fragment");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file://localhost/a",
                "file://host/a",
                "file://user@host/a",
                "file://127.0.0.1/a",
                "file://a",
                "file:a/b",
                "file:./a",
                "file:",
                "file://"
            })
    void hostsAndRelativePathsAreRefused(String text) {
        assertRefused(text, "a host or a relative path");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:////a/b", "file://///a", "file:////host/share"})
    void pathsThatBeginWithTwoSlashesAreRefused(String text) {
        assertRefused(text, "begins with two slashes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:/", "file:///", "file:///a//b", "file:///a/", "file:///a/b//"})
    void emptyPartsAreRefused(String text) {
        assertRefused(text, "empty, '.' or '..' part");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///a/%c0%ae%c0%ae/b",
                "file:///a/%c0%af",
                "file:///a/%e0%80%ae",
                "file:///a/%f0%80%80%ae",
                "file:///a/%ff",
                "file:///a/%80",
                "file:///a/%c3",
                "file:///a/%ed%a0%80",
                "file:///a/%f5%80%80%80"
            })
    void bytesThatAreNotUtf8AreRefused(String text) {
        assertRefused(text, "not UTF-8");
    }

    @Test
    void halfOfASurrogatePairIsRefused() {
        assertRefused("file:///a/" + '\ud83c' + ".mov", "not Unicode");
        assertRefused("file:///a/" + '\udfac' + ".mov", "not Unicode");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///a/%",
                "file:///a/%4",
                "file:///a/%zz",
                "file:///a/%4g",
                "file:///a/%-1",
                "file:///a/100% b",
                "file:///a%/b",
                "file:///a%2/e"
            })
    void badPercentSignsAreRefused(String text) {
        assertRefused(text, "not followed by two hex digits");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a/b", "a/b", ":/a", "../a", " file:/a", "a b:/c", "fíle:/a"})
    void textsWithoutASchemeAreRefused(String text) {
        assertRefused(text, "names no scheme");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n"})
    void emptyTextsAreRefused(String text) {
        assertRefused(text, "empty");
    }

    @ParameterizedTest
    @CsvSource({
        "s3://bucket/a.mp4,       s3",
        "http://host/a.mp4,       http",
        "https://host/a.mp4,      https",
        "ftp://host/a,            ftp",
        "concat:/a|/b,            concat",
        "subfile://a,             subfile",
        "file2:/a,                file2",
        "C:/a,                    c"
    })
    void otherSchemesAreNotAllowed(String text, String scheme) {
        assertThatExceptionOfType(HeimdexException.class)
                .isThrownBy(() -> SourceUri.parse(text))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.SCHEME_NOT_ALLOWED))
                .withMessageContaining("'" + scheme + "'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a.mp4",
                "folder/a.mp4",
                "a/../b",
                "./a",
                "/a",
                "a//b",
                "folder/",
                "a#b?c=d",
                "100%25",
                "%2e%2e/%2f",
                "back\\slash",
                "ü 😀"
            })
    void theNameOfAnObjectIsKeptAsItIs(String name) {
        SourceUri uri = SourceUri.parse("GS://my-bucket/" + name);

        assertThat(uri.text()).isEqualTo("gs://my-bucket/" + name);
        assertThat(uri.segments()).containsExactly("my-bucket", name);
    }

    @Test
    void anObjectsOwnNameFollowsTheLastSlash() {
        assertThat(SourceUri.parse("gs://bucket/tv/a.mp4").name()).isEqualTo("a.mp4");
        assertThat(SourceUri.parse("gs://bucket/a.mp4").name()).isEqualTo("a.mp4");
        assertThat(SourceUri.parse("gs://bucket/tv/show/").name()).isEqualTo("show/");
        assertThat(SourceUri.parse("gs://bucket").segments()).containsExactly("bucket");
    }

    @Test
    void theLongestNameOfAnObjectIsTaken() {
        String longest = "gs://bucket/" + "ü".repeat(512);

        assertThat(SourceUri.parse(longest).text()).isEqualTo(longest);
        assertRefused(longest + "x", "longer than 1024 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\rb", "a\u0000b", ".", ".."})
    void namesThatNoObjectMayHaveAreRefused(String name) {
        assertRefused("gs://bucket/" + name, "name");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gs:",
                "gs:/bucket/a",
                "gs:///a",
                "gs://B/a",
                "gs://user@bucket/a",
                "gs://a/b"
            })
    void textsWithoutABucketAreRefused(String text) {
        assertRefused(text, "names no bucket");
    }

    @Test
    void theLengthIsLimitedInBytes() {
        String longest = "file:///" + "a".repeat(3072 - 8);

        assertThat(SourceUri.parse(longest).name()).hasSize(3064);
        assertRefused(longest + "a", "longer than 3072 bytes");
        assertRefused("file:///" + "ß".repeat(1533), "longer than 3072 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b.mp4", "100%.mp4", "ß?#.mp4", "..."})
    void theUriOfAChildIsWhatIsReadFromItsText(String name) {
        SourceUri child =
                SourceUri.parse("file:///a%20b").child(name.getBytes(StandardCharsets.UTF_8));

        assertThat(child.name()).isEqualTo(name);
        assertThat(SourceUri.parse(child.text())).isEqualTo(child);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "a\\b", "a\nb", "%2E", "\u0085"})
    void aChildOfANameThatNoUriHoldsIsRefused(String name) {
        SourceUri folder = SourceUri.parse("file:///a");

        assertThatExceptionOfType(HeimdexException.class)
                .isThrownBy(() -> folder.child(name.getBytes(StandardCharsets.UTF_8)))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SOURCE_URI));
    }

    @Test
    void aChildWhoseUriWouldBeTooLongIsRefused() {
        SourceUri folder = SourceUri.parse("file:///" + "a".repeat(3072 - 10));

        assertThat(folder.child(new byte[] {'b'}).text()).hasSize(3072);
        assertThatExceptionOfType(HeimdexException.class)
                .isThrownBy(() -> folder.child(new byte[] {'b', 'b'}))
                .withMessageContaining("longer than 3072 bytes");
        assertThatExceptionOfType(HeimdexException.class)
                .isThrownBy(() -> folder.child(new byte[] {(byte) 0xff}))
                .withMessageContaining("not UTF-8");
    }

    private static void assertRefused(String text, String why) {
        assertThatExceptionOfType(HeimdexException.class)
                .isThrownBy(() -> SourceUri.parse(text))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SOURCE_URI))
                .withMessageContaining(why);
    }
}
