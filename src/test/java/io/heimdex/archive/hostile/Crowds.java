package io.heimdex.archive.hostile;

import static io.heimdex.archive.hostile.Bytes.ascii;
import static io.heimdex.archive.hostile.Bytes.int16;
import static io.heimdex.archive.hostile.Bytes.int32;
import static io.heimdex.archive.hostile.Bytes.join;
import static io.heimdex.archive.hostile.Bytes.little32;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

/** More streams than anybody wants to know of. */
final class Crowds {

    private static final int PACKET = 188;
    private static final int PIDS = 1200;
    private static final int PIDS_OF_A_PROGRAM = 200;
    private static final int FIRST_MAP = 0x20;
    private static final int FIRST_PID = 0x100;

    private final Corpus corpus;

    Crowds(Corpus corpus) {
        this.corpus = corpus;
    }

    void make() throws IOException {
        corpus.write("ts-1200-pids", "film.ts", transport());
        ByteArrayOutputStream pages = new ByteArrayOutputStream();
        for (int i = 0; i < 10_000; i++) {
            pages.writeBytes(page(i));
        }
        corpus.write("ogg-10000-streams", "song.ogg", pages.toByteArray());
    }

    private static byte[] transport() {
        ByteArrayOutputStream packets = new ByteArrayOutputStream();
        int programs = PIDS / PIDS_OF_A_PROGRAM;
        byte[] association = new byte[4 * programs];
        for (int i = 0; i < programs; i++) {
            byte[] entry = join(int16(i + 1), int16(0xe000 | FIRST_MAP + i));
            System.arraycopy(entry, 0, association, 4 * i, 4);
        }
        packets.writeBytes(packets(0, join(new byte[1], section(0, 1, association))));
        for (int i = 0; i < programs; i++) {
            int first = FIRST_PID + i * PIDS_OF_A_PROGRAM;
            byte[] streams = new byte[5 * PIDS_OF_A_PROGRAM];
            for (int j = 0; j < PIDS_OF_A_PROGRAM; j++) {
                byte[] entry = join(new byte[] {2}, int16(0xe000 | first + j), int16(0xf000));
                System.arraycopy(entry, 0, streams, 5 * j, 5);
            }
            byte[] map = join(int16(0xe000 | first), int16(0xf000), streams);
            packets.writeBytes(packets(FIRST_MAP + i, join(new byte[1], section(2, i + 1, map))));
        }
        byte[] content =
                join(
                        ascii(
                                "\0\0\1\u00e0\0\0\u0080\u0080\5!\0\1\0\1\0\0\1\u00b3\24\0\u00f0\23\u00ff\u00ff\u00e0\30"),
                        new byte[300]);
        for (int i = 0; i < PIDS; i++) {
            packets.writeBytes(packets(FIRST_PID + i, content));
        }
        return packets.toByteArray();
    }

    private static byte[] section(int table, int id, byte[] content) {
        byte[] checked =
                join(
                        new byte[] {(byte) table},
                        int16(0xb000 | content.length + 9),
                        int16(id),
                        new byte[] {(byte) 0xc1, 0, 0},
                        content);
        return join(checked, int32(crc(checked)));
    }

    private static int crc(byte[] bytes) {
        int crc = -1;
        for (byte b : bytes) {
            crc ^= b << 24;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc < 0 ? crc << 1 ^ 0x04c11db7 : crc << 1;
            }
        }
        return crc;
    }

    private static byte[] packets(int pid, byte[] content) {
        ByteArrayOutputStream packets = new ByteArrayOutputStream();
        int count = 0;
        for (int at = 0; at < content.length; at += PACKET - 4) {
            byte[] packet = new byte[PACKET];
            Arrays.fill(packet, (byte) -1);
            packet[0] = 0x47;
            packet[1] = (byte) ((at == 0 ? 0x40 : 0) | (pid >> 8));
            packet[2] = (byte) pid;
            packet[3] = (byte) (0x10 | (count++ & 0xf));
            System.arraycopy(content, at, packet, 4, Math.min(PACKET - 4, content.length - at));
            packets.writeBytes(packet);
        }
        return packets.toByteArray();
    }

    /** The first page of a stream of Opus; its checksum is not right, which is not looked at. */
    private static byte[] page(int serial) {
        byte[] head = join(ascii("OpusHead\1\1"), int16(0), little32(48_000), new byte[3]);
        byte[] page =
                join(
                        ascii("OggS\0\2"),
                        new byte[8],
                        little32(serial),
                        little32(0),
                        int32(0),
                        new byte[] {1, (byte) head.length},
                        head);
        int crc = 0;
        for (byte b : page) {
            crc ^= b << 24;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc < 0 ? crc << 1 ^ 0x04c11db7 : crc << 1;
            }
        }
        System.arraycopy(little32(crc), 0, page, 22, 4);
        return page;
    }
}
