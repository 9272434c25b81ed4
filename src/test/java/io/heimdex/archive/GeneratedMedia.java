package io.heimdex.archive;

import io.heimdex.archive.ffmpeg.TestFfmpeg;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;

/**
 * The files of {@code media/cases.yaml}: made by ffmpeg, and changed by hand where it cannot make
 * what is wanted. A file is made once.
 */
public final class GeneratedMedia {

    private static final Pattern REFERENCE = Pattern.compile("\\{([a-zA-Z0-9.-]+)}");
    private static final Map<String, String> ABBREVIATIONS =
            Map.of(
                    "VIDEO", "-f lavfi -i testsrc2=size=320x180:rate=25:duration=1",
                    "SOUND", "-f lavfi -i sine=frequency=440:sample_rate=48000:duration=1");

    /** What ffmpeg reads besides media. */
    private static final Map<String, String> TEXTS =
            Map.of(
                    "chapters.txt",
                    """
                    ;FFMETADATA1
                    [CHAPTER]
                    TIMEBASE=1/1000
                    START=0
                    END=400
                    title=Opening
                    [CHAPTER]
                    TIMEBASE=1/1000
                    START=400
                    END=1000
                    title=Ende · 終
                    """,
                    "words.srt",
                    """
                    1
                    00:00:00,100 --> 00:00:00,900
                    Hello
                    """,
                    "font.ttf",
                    "not really a font");

    private final Path folder;
    private final Map<String, Case> cases;
    private @Nullable TestFfmpeg ffmpeg;

    /**
     * One of the files.
     *
     * @param expect what its sidecar says, by JSON pointer
     */
    record Case(
            String file,
            String make,
            @Nullable String patch,
            Map<String, @Nullable Object> expect) {

        @Override
        public String toString() {
            return file;
        }
    }

    private GeneratedMedia(Path folder, Map<String, Case> cases) {
        this.folder = folder;
        this.cases = cases;
    }

    /** Reads the cases; their files will be below target/. */
    public static GeneratedMedia load() {
        try (InputStream in =
                Objects.requireNonNull(
                        GeneratedMedia.class.getResourceAsStream("/media/cases.yaml"))) {
            byte[] text = in.readAllBytes();
            Map<String, Case> cases = new LinkedHashMap<>();
            List<Map<String, Object>> read =
                    new Yaml().load(new String(text, StandardCharsets.UTF_8));
            for (Map<String, Object> one : read) {
                Case made = of(one);
                cases.put(made.file(), made);
            }
            Path folder = Path.of("target/test-media", Integer.toHexString(Arrays.hashCode(text)));
            return new GeneratedMedia(Files.createDirectories(folder), cases);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static Case of(Map<String, Object> one) {
        return new Case(
                (String) Objects.requireNonNull(one.get("file")),
                (String) Objects.requireNonNull(one.get("make")),
                (String) one.get("patch"),
                (Map<String, @Nullable Object>) Objects.requireNonNull(one.get("expect")));
    }

    List<Case> cases() {
        return List.copyOf(cases.values());
    }

    /** The file, made if it is not there yet. */
    public synchronized Path file(String name) {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            try {
                make(name, file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return file;
    }

    private void make(String name, Path file) throws IOException {
        if (TEXTS.containsKey(name)) {
            Files.writeString(file, Objects.requireNonNull(TEXTS.get(name)));
            return;
        }
        Case wanted = Objects.requireNonNull(cases.get(name), name);
        String make = wanted.make();
        for (Map.Entry<String, String> abbreviation : ABBREVIATIONS.entrySet()) {
            make = make.replace(abbreviation.getKey(), abbreviation.getValue());
        }
        make =
                REFERENCE
                        .matcher(make)
                        .replaceAll(match -> Matcher.quoteReplacement(used(match.group(1))));
        Path fresh = folder.resolve("fresh-" + name);
        List<String> arguments =
                new ArrayList<>(
                        Arrays.stream(make.split("(?<!\\\\) +"))
                                .map(argument -> argument.replace("\\ ", " "))
                                .toList());
        arguments.add(fresh.getFileName().toString());
        if (ffmpeg == null) {
            ffmpeg = TestFfmpeg.install(Path.of("target/test-tools"));
        }
        ffmpeg.run(folder, arguments);
        if (wanted.patch() != null) {
            Files.write(fresh, patched(Files.readAllBytes(fresh), wanted.patch()));
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private String used(String name) {
        return file(name).getFileName().toString();
    }

    private static byte[] patched(byte[] file, String patch) {
        List<String> words = List.of(patch.split(" ", -1));
        return switch (words.getFirst()) {
            case "dolby-vision" ->
                    withDolbyVision(
                            file, Integer.parseInt(words.get(1)), Integer.parseInt(words.get(2)));
            case "hdr10-plus" -> withHdr10Plus(file);
            case "captions" -> withCaptions(file);
            case "exif" -> withOrientation(file, Integer.parseInt(words.get(1)));
            default -> throw new IllegalArgumentException(patch);
        };
    }

    /**
     * Puts a configuration record at the end of the sample description, which is in the index at
     * the end of the file: no offset of a sample changes.
     */
    private static byte[] withDolbyVision(byte[] file, int profile, int compatibility) {
        int level = 1;
        ByteBuffer box = ByteBuffer.allocate(32);
        box.putInt(32).put((profile > 7 ? "dvvC" : "dvcC").getBytes(StandardCharsets.US_ASCII));
        box.put((byte) 1).put((byte) 0);
        // The last three bits: metadata, enhancement layer, base layer.
        box.putShort((short) (profile << 9 | level << 3 | 0b101));
        box.put((byte) (compatibility << 4));
        int at = 0;
        int end = file.length;
        for (String type : List.of("moov", "trak", "mdia", "minf", "stbl", "stsd", "hvc1")) {
            int start = find(file, at, end, type);
            int size = ByteBuffer.wrap(file).getInt(start);
            ByteBuffer.wrap(file).putInt(start, size + box.capacity());
            end = start + size;
            at = start + (type.equals("stsd") ? 16 : 8);
        }
        return inserted(file, end, box.array());
    }

    private static int find(byte[] file, int from, int to, String type) {
        for (int at = from; at < to; at += ByteBuffer.wrap(file).getInt(at)) {
            if (new String(file, at + 4, 4, StandardCharsets.ISO_8859_1).equals(type)) {
                return at;
            }
        }
        throw new IllegalArgumentException("no " + type);
    }

    /** Puts SMPTE ST 2094-40 metadata before the first picture of an HEVC stream. */
    private static byte[] withHdr10Plus(byte[] file) {
        Bits bits = new Bits();
        bits.add(0xB5, 8).add(0x003C, 16).add(0x0001, 16).add(4, 8).add(1, 8);
        bits.add(1, 2).add(400, 27).add(0, 1);
        bits.add(30_000, 17).add(30_000, 17).add(30_000, 17).add(5_000, 17);
        bits.add(0, 4).add(20, 10).add(0, 1).add(0, 1).add(0, 1);
        byte[] payload = bits.bytes();
        ByteArrayOutputStream unit = new ByteArrayOutputStream();
        unit.writeBytes(new byte[] {0, 0, 0, 1, 0x4E, 0x01});
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.write(4);
        message.write(payload.length);
        message.writeBytes(payload);
        message.write(0x80);
        int zeros = 0;
        for (byte next : message.toByteArray()) {
            if (zeros == 2 && next >= 0 && next <= 3) {
                unit.write(3);
                zeros = 0;
            }
            unit.write(next);
            zeros = next == 0 ? zeros + 1 : 0;
        }
        for (int i = 0; i < file.length - 4; i++) {
            boolean start = file[i] == 0 && file[i + 1] == 0 && file[i + 2] == 1;
            // Slices have the types below 32.
            if (start && (file[i + 3] >> 1 & 0x3F) < 32) {
                return inserted(file, i, unit.toByteArray());
            }
        }
        throw new IllegalArgumentException("no picture");
    }

    /** Puts a pair of CEA-608 bytes beside the first picture of an MPEG-2 stream. */
    private static byte[] withCaptions(byte[] file) {
        byte[] userData = {
            0,
            0,
            1,
            (byte) 0xB2,
            'G',
            'A',
            '9',
            '4',
            3,
            (byte) 0xC1,
            (byte) 0xFF,
            (byte) 0xFC,
            (byte) 0x94,
            0x20,
            (byte) 0xFF
        };
        for (int i = 0; i < file.length - 9; i++) {
            boolean extension =
                    file[i] == 0
                            && file[i + 1] == 0
                            && file[i + 2] == 1
                            && file[i + 3] == (byte) 0xB5;
            if (extension && (file[i + 4] >> 4 & 0x0F) == 8) {
                return inserted(file, i + 9, userData);
            }
        }
        throw new IllegalArgumentException("no picture");
    }

    /** Puts Exif data into a JPEG or a PNG, as cameras do. */
    private static byte[] withOrientation(byte[] file, int orientation) {
        ByteBuffer exif = ByteBuffer.allocate(26);
        exif.put("MM\0*".getBytes(StandardCharsets.US_ASCII)).putInt(8).putShort((short) 1);
        exif.putShort((short) 0x0112).putShort((short) 3).putInt(1);
        exif.putShort((short) orientation).putShort((short) 0).putInt(0);
        if (file[0] == (byte) 0xFF) {
            ByteBuffer segment = ByteBuffer.allocate(4 + 6 + exif.capacity());
            segment.putShort((short) 0xFFE1).putShort((short) (segment.capacity() - 2));
            segment.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII)).put(exif.array());
            return inserted(file, 2, segment.array());
        }
        ByteBuffer chunk = ByteBuffer.allocate(8 + exif.capacity() + 4);
        chunk.putInt(exif.capacity()).put("eXIf".getBytes(StandardCharsets.US_ASCII));
        chunk.put(exif.array());
        CRC32 crc = new CRC32();
        crc.update(chunk.array(), 4, 4 + exif.capacity());
        chunk.putInt((int) crc.getValue());
        // Behind the signature and the header.
        return inserted(file, 8 + 25, chunk.array());
    }

    private static byte[] inserted(byte[] file, int at, byte[] more) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(file, 0, at);
        out.writeBytes(more);
        out.write(file, at, file.length - at);
        return out.toByteArray();
    }

    /** Numbers of any width, one after the other. */
    private static final class Bits {

        private final StringBuilder digits = new StringBuilder();

        Bits add(int value, int width) {
            for (int i = width - 1; i >= 0; i--) {
                digits.append(value >> i & 1);
            }
            return this;
        }

        byte[] bytes() {
            while (digits.length() % 8 != 0) {
                digits.append('0');
            }
            byte[] bytes = new byte[digits.length() / 8];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) Integer.parseInt(digits.substring(8 * i, 8 * i + 8), 2);
            }
            return bytes;
        }
    }
}
