package io.heimdex.archive.hostile;

import static io.heimdex.archive.hostile.Bytes.ascii;
import static io.heimdex.archive.hostile.Bytes.box;
import static io.heimdex.archive.hostile.Bytes.chunk;
import static io.heimdex.archive.hostile.Bytes.ftyp;
import static io.heimdex.archive.hostile.Bytes.fullBox;
import static io.heimdex.archive.hostile.Bytes.int32;
import static io.heimdex.archive.hostile.Bytes.join;
import static io.heimdex.archive.hostile.Bytes.little32;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that name other files, or other machines. */
final class Playlists {

    private final Corpus corpus;
    private final Path samples;
    private final String secret;
    private final String http;

    Playlists(Corpus corpus, Path samples, int port) {
        this.corpus = corpus;
        this.samples = samples;
        this.secret = corpus.theirs().toString();
        this.http = "http://127.0.0.1:" + port;
    }

    void make() throws IOException {
        hls();
        concat();
        dash();
        others();
        inside();
    }

    private void hls() throws IOException {
        hls("hls-local-file", "list.m3u8", "file:///etc/hosts");
        hls("hls-other-org", "list.m3u8", secret + "/secret.mp4");
        hls("hls-other-org-renamed", "film.mp4", secret + "/secret.mp4");
        hls("hls-other-org-up", "list.m3u8", "../../theirs/secret.mp4");
        hls("hls-http", "list.m3u8", http + "/segment.ts");
        hls("hls-concat", "list.m3u8", "concat:" + http + "/?|file:///etc/hosts");
        hls("hls-subfile", "list.m3u8", "subfile,,start,0,end,64,,:" + secret + "/secret.txt");
        hls(
                "hls-key-http",
                "list.m3u8",
                "#EXT-X-KEY:METHOD=AES-128,URI=\"" + http + "/key\"",
                "a.ts");
        hls(
                "hls-key-data",
                "list.m3u8",
                "#EXT-X-KEY:METHOD=AES-128,URI=\"data:;base64,AAAAAAAAAAAAAAAAAAAAAA==\"",
                secret + "/secret.mp4");
        hls("hls-map", "list.m3u8", "#EXT-X-MAP:URI=\"" + secret + "/secret.mp4\"", "a.m4s");
        hls("hls-byte-range", "list.m3u8", "#EXT-X-BYTERANGE:64@0", "file:///proc/self/environ");
        hls("hls-self", "list.m3u8", "list.m3u8");
        corpus.write(
                "hls-endless",
                "list.m3u8",
                "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n" + secret + "/secret.mp4\n");
        corpus.write(
                "hls-master-self",
                "list.m3u8",
                "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlist.m3u8\n");
    }

    private void hls(String name, String file, String... lines) throws IOException {
        corpus.write(
                name,
                file,
                "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n"
                        + String.join("\n", lines)
                        + "\n#EXT-X-ENDLIST\n");
    }

    private void concat() throws IOException {
        concat("ffconcat-absolute", "list.ffconcat", secret + "/secret.wav");
        concat("ffconcat-up", "list.ffconcat", "../../theirs/secret.wav");
        concat("ffconcat-http", "list.ffconcat", http + "/a.wav");
        concat("ffconcat-renamed", "film.mp4", secret + "/secret.wav");
        concat("ffconcat-sibling", "list.ffconcat", "sibling.wav");
        Files.copy(
                samples.resolve("tone-mono-8khz.wav"),
                corpus.folder("ffconcat-sibling").resolve("sibling.wav"));
        corpus.write(
                "ffconcat-option",
                "list.ffconcat",
                "ffconcat version 1.0\nfile 'x'\noption safe 0\nfile '"
                        + secret
                        + "/secret.wav'\n");
    }

    private void concat(String name, String file, String other) throws IOException {
        corpus.write(name, file, "ffconcat version 1.0\nfile '" + other + "'\n");
    }

    private void dash() throws IOException {
        String declaration = "<?xml version=\"1.0\"?>\n";
        dash("dash-other-org", "list.mpd", declaration, secret + "/secret.mp4");
        dash("dash-other-org-renamed", "film.mp4", declaration, secret + "/secret.mp4");
        // Opened by descriptor, a path is nothing; a URL is.
        dash("dash-other-org-url", "list.mpd", declaration, "file://" + secret + "/secret.mp4");
        dash("dash-http", "list.mpd", declaration, http + "/a.mp4");
        dash(
                "dash-external-entity",
                "list.mpd",
                declaration
                        + "<!DOCTYPE MPD [<!ENTITY x SYSTEM \"file://"
                        + secret
                        + "/secret.txt\">]>\n",
                "&x;");
        dash(
                "dash-external-entity-http",
                "list.mpd",
                declaration + "<!DOCTYPE MPD SYSTEM \"" + http + "/a.dtd\">\n",
                "a.mp4");
        StringBuilder laughs = new StringBuilder("<!DOCTYPE MPD [<!ENTITY l0 \"ha\">");
        for (int i = 1; i < 10; i++) {
            laughs.append("<!ENTITY l%d \"%s\">".formatted(i, "&l%d;".formatted(i - 1).repeat(10)));
        }
        dash("dash-billion-laughs", "list.mpd", declaration + laughs.append("]>\n"), "&l9;");
    }

    private void dash(String name, String file, String begin, String url) throws IOException {
        corpus.write(
                name,
                file,
                begin
                        + """
                        <MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT10S"
                            profiles="urn:mpeg:dash:profile:isoff-on-demand:2011"><Period><AdaptationSet
                            mimeType="video/mp4" contentType="video"><Representation id="1" bandwidth="1000"
                            codecs="avc1.64000c" width="320" height="180"><BaseURL>%s</BaseURL>
                        </Representation></AdaptationSet></Period></MPD>
                        """
                                .formatted(url));
    }

    private void others() throws IOException {
        String sdp =
                "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 9 RTP/AVP 0\n";
        corpus.write("sdp", "session.sdp", sdp);
        corpus.write("sdp-renamed", "film.mp4", sdp);
        corpus.write(
                "smil",
                "list.smil",
                "<smil><body><video src=\"" + secret + "/secret.mp4\"/></body></smil>");
        corpus.write("rtsp-text", "film.mov", "RTSPtextrtsp://127.0.0.1:9/a\r");
        corpus.write("asx", "list.asx", "<asx><entry><ref href=\"" + http + "/a\"/></entry></asx>");
        corpus.write(
                "asx-reference", "list.asf", "[Reference]\r\nRef1=" + http + "/a?MSWMExt=.asf\r\n");
        corpus.write("pls", "list.pls", "[playlist]\nFile1=" + secret + "/secret.mp3\nLength1=1\n");
        corpus.write("m3u", "list.m3u", secret + "/secret.mp3\n");
        corpus.write(
                "xspf",
                "list.xspf",
                "<playlist version=\"1\" xmlns=\"http://xspf.org/ns/0/\"><trackList><track><location>file://"
                        + secret
                        + "/secret.mp3</location></track></trackList></playlist>");
        corpus.write(
                "imf",
                "list.xml",
                """
                <CompositionPlaylist xmlns="http://www.smpte-ra.org/schemas/2067-3/2016"><Id>urn:uuid:0</Id>
                <EditRate>24 1</EditRate><SegmentList><Segment><SequenceList/></Segment></SegmentList>
                </CompositionPlaylist>
                """);
        corpus.write(
                "smooth-streaming",
                "list.ism",
                "<smil xmlns=\"http://www.w3.org/2001/SMIL20/Language\"><body><switch><video src=\""
                        + secret
                        + "/secret.mp4\"/></switch></body></smil>");
        corpus.write(
                "svg",
                "picture.svg",
                "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:x=\"http://www.w3.org/1999/xlink\" width=\"9\""
                        + " height=\"9\"><image x:href=\"file://"
                        + secret
                        + "/secret.txt\"/></svg>");
        corpus.write("avisynth", "script.avs", "AviSource(\"" + secret + "/secret.mp4\")\n");
        Files.writeString(corpus.folder("vobsub").resolve("titles.sub"), "not to be opened");
        corpus.write(
                "vobsub",
                "titles.idx",
                "# VobSub index file, v7\nid: en, index: 0\ntimestamp: 00:00:01:000, filepos: 0\n");
        corpus.write(
                "ffmetadata",
                "film.mp4",
                ";FFMETADATA1\n" + "[CHAPTER]\nSTART=0\nEND=1\ntitle=x\n".repeat(100_000));
        corpus.write(
                "subtitles-srt",
                "film.mp4",
                "1\n00:00:00,000 --> 00:00:01,000\nx\n\n".repeat(200_000));
        corpus.write(
                "subtitles-ass",
                "film.mp4",
                "[Script Info]\nScriptType: v4.00+\n[Events]\n"
                        + "Dialogue: 0,0:00:00.00,0:00:01.00,x,,0,0,0,,x\n".repeat(100_000));
        corpus.write("subtitles-webvtt", "film.mp4", "WEBVTT\n\n00:00.000 --> 00:01.000\nx\n");
    }

    /** Media that lead elsewhere. */
    private void inside() throws IOException {
        byte[] playlist =
                ascii(
                        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n"
                                + secret
                                + "/secret.mp4\n#EXT-X-ENDLIST\n");
        corpus.write("hls-in-subtitles-of-avi", "film.avi", aviWithSubtitles(playlist));
        corpus.write("mov-reference-by-alias", "film.mov", withReference("alis", alias()));
        corpus.write(
                "mov-reference-by-url",
                "film.mov",
                withReference("url ", ascii("file://" + secret + "/secret.mp4\0")));
        byte[] descriptor =
                box(
                        "rmra",
                        box(
                                "rmda",
                                fullBox(
                                        "rdrf",
                                        ascii("url "),
                                        int32(60),
                                        ascii(http + "/a.mov\0"))));
        corpus.write("mov-reference-movie", "film.mov", join(ftyp(), box("moov", descriptor)));
    }

    /** As of 2017: subtitles that a playlist pretends to be, which a demuxer opens as a file. */
    private static byte[] aviWithSubtitles(byte[] subtitles) {
        byte[] header = chunk("avih", little32(40_000), new byte[20], little32(1), new byte[28]);
        byte[] stream =
                chunk("strh", ascii("txts"), new byte[16], little32(1), little32(1), new byte[24]);
        byte[] list = chunk("LIST", ascii("strl"), stream, chunk("strf", new byte[4]));
        byte[] gab2 =
                join(
                        ascii("GAB2\0"),
                        new byte[] {2, 0},
                        little32(0),
                        new byte[] {4, 0},
                        little32(subtitles.length),
                        subtitles);
        return chunk(
                "RIFF",
                ascii("AVI "),
                chunk("LIST", ascii("hdrl"), header, list),
                chunk("LIST", ascii("movi"), chunk("00tx", gab2)));
    }

    /** The secret's place as old Macintoshes wrote it, with a path of Unix behind. */
    private byte[] alias() {
        byte[] path = secret.concat("/secret.mp4").getBytes(StandardCharsets.UTF_8);
        return join(
                new byte[4],
                Bytes.int16(150 + path.length),
                new byte[144],
                Bytes.int16(18),
                Bytes.int16(path.length),
                path,
                Bytes.int16(-1));
    }

    private static byte[] withReference(String type, byte[] reference) {
        byte[] entry = fullBox(type, reference);
        return join(
                ftyp(),
                box(
                        "moov",
                        fullBox("mvhd", new byte[8], int32(1000), int32(1000), new byte[80]),
                        box(
                                "trak",
                                fullBox("tkhd", new byte[80]),
                                box(
                                        "mdia",
                                        fullBox(
                                                "mdhd",
                                                new byte[8],
                                                int32(1000),
                                                int32(1000),
                                                int32(0)),
                                        fullBox("hdlr", int32(0), ascii("vide"), new byte[13]),
                                        box(
                                                "minf",
                                                fullBox("vmhd", new byte[8]),
                                                box("dinf", fullBox("dref", int32(1), entry)),
                                                Boxes.table())))));
    }
}
