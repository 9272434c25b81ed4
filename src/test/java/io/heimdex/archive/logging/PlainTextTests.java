package io.heimdex.archive.logging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may stand in a line of the log. */
class PlainTextTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/jobs/1 failed",
                "Klappe – Größe 4:3 🎬 日本語 عربى",
                "a\\nb",
                "",
                "eyJ is no token"
            })
    void whatIsJustShownStaysAsItIs(String text) {
        assertThat(PlainText.of(text)).isEqualTo(text);
    }

    @Test
    void everythingElseIsEscaped() {
        assertThat(PlainText.of("a\r\nb\tc\0d\u001b[2Je\u007ff\u0085g\u009bh"))
                .isEqualTo("a\\r\\nb\\tc\\u0000d\\u001b[2Je\\u007ff\\u0085g\\u009bh");
        assertThat(PlainText.of("a\u2028b\u2029c\u202ed\u2066e\u200bf\ufeffg"))
                .isEqualTo("a\\u2028b\\u2029c\\u202ed\\u2066e\\u200bf\\ufeffg");
        assertThat(PlainText.of("\ud800 \udc00 \uffff")).isEqualTo("\\ud800 \\udc00 \\uffff");
        assertThat(PlainText.of("tag \udb40\udc41")).isEqualTo("tag \\u{e0041}");
    }

    @Test
    void noCharacterMakesTwoLines() {
        StringBuilder all = new StringBuilder();
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            all.appendCodePoint(c);
        }
        assertThat(PlainText.of(all.toString())).hasLineCount(1);
        assertThat(PlainText.of(all.toString()))
                .doesNotMatch("(?s).*[\\p{Cc}\\p{Cf}\\u2028\\u2029].*");
    }

    @Test
    void linesOfOurOwnStayLines() {
        assertThat(PlainText.ofLines("a\nb\u001b\rc")).isEqualTo("a\nb\\u001b\\rc");
    }

    @ParameterizedTest
    @CsvSource({
        "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIi.c2ln_-, Authorization: Bearer (secret)",
        "token=eyJhbGciOiJub25lIn0.e30., token=(secret)",
        "[authorization:\"bearer abc.d/e+f=\"], [authorization:\"bearer (secret)\"]",
        "PUT /v1/uploads/1?expires=2&signature=00ff11&x=1, PUT /v1/uploads/1?expires=2&signature=(secret)&x=1",
        "X-Goog-Signature=abc, X-Goog-Signature=(secret)"
    })
    void whatOpensSomethingIsNotShown(String text, String shown) {
        assertThat(PlainText.of(text)).isEqualTo(shown);
        assertThat(PlainText.ofLines(text)).isEqualTo(shown);
    }
}
