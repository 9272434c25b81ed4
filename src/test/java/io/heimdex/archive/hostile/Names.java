package io.heimdex.archive.hostile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A good file under names that shells, tools and parsers have taken for something else. */
final class Names {

    /** What one may write; 256 the file systems themselves refuse. */
    private static final int LONGEST = 255;

    private final Corpus corpus;
    private final Path sample;

    Names(Corpus corpus, Path samples) {
        this.corpus = corpus;
        this.sample = samples.resolve("tone-mono-8khz.wav");
    }

    void make() throws IOException {
        name("pattern", "%03d.png");
        name("pattern-star", "*.wav");
        name("pattern-brackets", "[1-3].wav");
        for (String sibling : List.of("000.png", "001.png", "1.wav")) {
            Files.writeString(corpus.folder("name-pattern").resolve(sibling), "not to be opened");
        }
        name("option", "-i");
        name("option-long", "--help");
        name("option-version", "-version.wav");
        name("concat", "concat:a.wav|b.wav");
        name("subfile", "subfile,,start,0,end,64,,:a.wav");
        name("http", "http:127.0.0.1");
        name("file", "file:a.wav");
        name("pipe", "pipe:0");
        name("descriptor", "fd:");
        name("data", "data:,a");
        name("command", "$(touch x).wav");
        name("command-backticks", "`touch x`.wav");
        name("command-after", "a;touch x;.wav");
        name("quotes", "a'\"b.wav");
        name("format", "%s%n%x.wav");
        name("blanks", " a  b .wav ");
        name("dots", "...");
        name("hidden", ".wav");
        name("emoji", "\ud83c\udfac\ud83d\udc69\u200d\ud83d\udcbb.wav");
        name("right-to-left", "gpj.\u202evaw");
        name("drive", "C:a.wav");
        name("environment", "$HOME~.wav");
        name("of-255-bytes", "\u00fc".repeat((LONGEST - 5) / 2) + "a.wav");
        name("line-feed", "a\nb.wav");
        name("escape", "a\u001b[31mb.wav");
        name("backslash", "a\\b.wav");
        name("percent-twice", "%2e%2e.wav");
    }

    private void name(String kind, String name) throws IOException {
        Files.copy(sample, corpus.place("name-" + kind.toLowerCase(Locale.ROOT), name));
    }
}
