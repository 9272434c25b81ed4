package io.heimdex.archive.hostile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Good files made bad; the same seed makes the same ones. */
public final class Damage {

    /** In percent of the file. */
    private static final List<Integer> CUTS = List.of(1, 25, 50, 75, 99);

    private static final int FLIPPED = 8;

    /** Of numbers that readers count by. */
    private static final long[] EXTREMES = {
        0, 1, -1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000L, 0xffff_fff8L
    };

    private Damage() {}

    /** Of each format five truncated files and eight with bits flipped, by the names of cases. */
    public static Map<String, Path> make(Path folder, Map<String, Path> formats)
            throws IOException {
        Map<String, Path> cases = new LinkedHashMap<>();
        Files.createDirectories(folder);
        for (Map.Entry<String, Path> format : formats.entrySet()) {
            byte[] good = Files.readAllBytes(format.getValue());
            for (int percent : CUTS) {
                String name = format.getKey() + "-cut-at-" + percent;
                int length = (int) Math.max(1, (long) good.length * percent / 100);
                cases.put(name, Files.write(folder.resolve(name), Arrays.copyOf(good, length)));
            }
            for (int i = 1; i <= FLIPPED; i++) {
                String name = format.getKey() + "-flipped-" + i;
                cases.put(name, Files.write(folder.resolve(name), flipped(good, i)));
            }
        }
        return cases;
    }

    /** From one bit on: the more, the higher the seed. */
    private static byte[] flipped(byte[] good, int seed) {
        byte[] bad = good.clone();
        Random random = new Random(seed);
        // Half of them where the structure is.
        int range = seed % 2 == 0 ? bad.length : Math.min(bad.length, 1000);
        for (int i = 0; i < 1 << seed; i++) {
            bad[random.nextInt(range)] ^= (byte) (1 << random.nextInt(8));
        }
        return bad;
    }

    /** One of countless mutants of the file: some bits, numbers, parts of it are others. */
    public static byte[] mutant(byte[] good, long seed) {
        Random random = new Random(seed);
        byte[] bad = good.clone();
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
            bad = changed(bad, random);
        }
        return bad;
    }

    private static byte[] changed(byte[] file, Random random) {
        if (file.length < 64) {
            return file;
        }
        int at = place(file.length, random);
        int length = Math.min(file.length - at, 1 + random.nextInt(1 << random.nextInt(13)));
        return switch (random.nextInt(8)) {
            case 0 -> Arrays.copyOf(file, Math.max(1, at));
            case 1 -> without(file, at, length);
            case 2 -> with(file, at, Arrays.copyOfRange(file, at, at + length));
            case 3 -> with(file, at, noise(length, random));
            case 4 -> moved(file, at, place(file.length, random), length);
            case 5, 6 -> extreme(file, at, random);
            default -> {
                for (int i = 1 << random.nextInt(9); i > 0; i--) {
                    file[place(file.length, random)] ^= (byte) (1 << random.nextInt(8));
                }
                yield file;
            }
        };
    }

    /** Mostly at the beginning or the end, where formats have their structure. */
    private static int place(int length, Random random) {
        int near = Math.min(length, 2048);
        return switch (random.nextInt(4)) {
            case 0, 1 -> random.nextInt(near);
            case 2 -> length - 1 - random.nextInt(near);
            default -> random.nextInt(length);
        };
    }

    private static byte[] without(byte[] file, int at, int length) {
        return Bytes.join(
                Arrays.copyOf(file, at), Arrays.copyOfRange(file, at + length, file.length));
    }

    private static byte[] with(byte[] file, int at, byte[] more) {
        return Bytes.join(Arrays.copyOf(file, at), more, Arrays.copyOfRange(file, at, file.length));
    }

    private static byte[] noise(int length, Random random) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    private static byte[] moved(byte[] file, int from, int to, int length) {
        System.arraycopy(file, from, file, to, Math.min(length, file.length - Math.max(from, to)));
        return file;
    }

    private static byte[] extreme(byte[] file, int at, Random random) {
        long value = EXTREMES[random.nextInt(EXTREMES.length)];
        int bytes = 1 << random.nextInt(4);
        byte[] number = ByteBuffer.allocate(8).putLong(value).array();
        int start = Math.min(at, file.length - bytes);
        for (int i = 0; i < bytes; i++) {
            file[start + i] = number[random.nextBoolean() ? 8 - bytes + i : 7 - i];
        }
        return file;
    }
}
