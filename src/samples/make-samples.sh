#!/bin/sh
# Makes the tiny media files in samples/, from synthetic sources only,
# so that they carry nobody's rights and can be made again at any time.
#
# Needs ffmpeg 5 or newer with libx264, libvpx-vp9, libopus and libmp3lame,
# found on PATH or named by $FFMPEG:
#
#     sh src/samples/make-samples.sh
#     FFMPEG=/path/to/ffmpeg sh src/samples/make-samples.sh
#
# Two runs of the same ffmpeg build on the same kind of CPU give the same bytes;
# another build may encode slightly differently.
set -eu

ffmpeg=${FFMPEG:-ffmpeg}
# No cd for the work itself: a relative $FFMPEG must keep its meaning.
here=$(CDPATH='' cd -- "$(dirname -- "$0")/../../samples" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

created=2024-05-01T10:00:00Z

# encode FILE ARGUMENTS...: runs ffmpeg with the arguments, writes FILE.
# bitexact keeps versions, random ids and the clock out of the file. One thread,
# because some encoders decide differently with the number of CPUs.
encode() {
    file=$here/$1
    shift
    "$ffmpeg" -nostdin -hide_banner -v error -y "$@" \
        -threads 1 -fflags +bitexact -flags +bitexact "$file"
}

# The still comes first: it is also the cover of the MP3.
encode test-pattern.jpg \
    -f lavfi -i testsrc2=size=320x180:rate=25 \
    -frames:v 1 -update 1 -c:v mjpeg -pix_fmt yuvj420p -q:v 5

# No faststart: the moov has to stay at the end for the truncated file below.
encode h264-aac.mp4 \
    -f lavfi -i testsrc2=size=320x180:rate=25:duration=2 \
    -f lavfi -i sine=frequency=440:sample_rate=48000:duration=2 \
    -c:v libx264 -preset medium -crf 30 -pix_fmt yuv420p \
    -c:a aac -b:a 64k -metadata creation_time=$created

encode vp9-opus.webm \
    -f lavfi -i testsrc2=size=320x180:rate=25:duration=2 \
    -f lavfi -i sine=frequency=440:sample_rate=48000:duration=2 \
    -c:v libvpx-vp9 -b:v 0 -crf 45 -cpu-used 4 -pix_fmt yuv420p \
    -c:a libopus -b:a 32k -metadata creation_time=$created

# ProRes is large even when it is tiny: ten small frames of the lightest profile.
# -timecode gives the file a tmcd track of its own.
encode prores-timecode.mov \
    -f lavfi -i testsrc2=size=160x90:rate=25 -frames:v 10 \
    -c:v prores_ks -profile:v proxy -pix_fmt yuv422p10le \
    -timecode 01:00:00:00 -metadata creation_time=$created

# The mxf muxer writes OP1a, and takes PCM at 48 kHz only.
encode mpeg2-pcm-op1a.mxf \
    -f lavfi -i testsrc2=size=320x180:rate=25:duration=0.4 \
    -f lavfi -i sine=frequency=440:sample_rate=48000:duration=0.4 \
    -c:v mpeg2video -q:v 8 -pix_fmt yuv420p \
    -c:a pcm_s16le -metadata creation_time=$created

cat > "$tmp/chapters.txt" <<'END'
;FFMETADATA1
title=Chapters and subtitles
[CHAPTER]
TIMEBASE=1/1000
START=0
END=1000
title=Opening
[CHAPTER]
TIMEBASE=1/1000
START=1000
END=2000
title=Closing
END
cat > "$tmp/subtitles.srt" <<'END'
1
00:00:00,200 --> 00:00:00,900
Erster Untertitel

2
00:00:01,100 --> 00:00:01,900
Zweiter Untertitel
END
# Two different languages, so that a mix-up of the tracks shows.
encode chapters-subtitles.mkv \
    -f lavfi -i testsrc2=size=320x180:rate=25:duration=2 \
    -f lavfi -i sine=frequency=440:sample_rate=48000:duration=2 \
    -f srt -i "$tmp/subtitles.srt" \
    -f ffmetadata -i "$tmp/chapters.txt" \
    -map 0:v -map 1:a -map 2:s -map_metadata 3 -map_chapters 3 \
    -c:v libx264 -preset medium -crf 32 -pix_fmt yuv420p \
    -c:a aac -b:a 64k -c:s srt \
    -metadata:s:a:0 language=eng -metadata:s:s:0 language=ger \
    -metadata creation_time=$created

encode tone.flac \
    -f lavfi -i sine=frequency=440:sample_rate=44100:duration=1 \
    -c:a flac -metadata title="Test tone" -metadata artist="Sine"

# The cover is a second, attached video stream, as players expect it.
# pattern_type none: a % in the path must not be read as a frame number.
encode tone-with-cover.mp3 \
    -f lavfi -i sine=frequency=440:sample_rate=44100:duration=1 \
    -f image2 -pattern_type none -i "$here/test-pattern.jpg" \
    -map 0:a -map 1:v -c:a libmp3lame -b:a 64k -c:v copy \
    -disposition:v attached_pic -metadata:s:v comment="Cover (front)" \
    -id3v2_version 3 -metadata title="Test tone" -metadata artist="Sine"

encode tone-mono-8khz.wav \
    -f lavfi -i sine=frequency=440:sample_rate=8000:duration=1 \
    -c:a pcm_s16le

# The two files below are broken on purpose: a probe has to refuse them.

# The first half of the MP4, as after an aborted copy: media, but no moov.
size=$(wc -c < "$here/h264-aac.mp4")
dd if="$here/h264-aac.mp4" of="$here/truncated-no-moov.mp4" \
    bs=1 count=$((size / 2)) 2>/dev/null

# The name says video, the content does not.
printf 'This is plain text, not a video.\n' > "$here/plain-text.mp4"
