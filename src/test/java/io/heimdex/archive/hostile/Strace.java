package io.heimdex.archive.hostile;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a program opens and whom it calls, as strace tells it on the error stream. */
public final class Strace {

    private static final Path PROGRAM = Path.of("/usr/bin/strace");

    private static final Pattern OPENED =
            Pattern.compile(
                    "\\b(?:open|openat|openat2|creat)\\((?:[^\"]*, )?\"((?:[^\"\\\\]|\\\\.)*)\"");

    private static final Pattern CALLED =
            Pattern.compile(
                    "\\b(?:socket|connect|bind|sendto|sendmsg|unlink|rename|mkdir|symlink|link|mknod|truncate)(?:at2?)?\\(.*");

    private static final Pattern STARTED = Pattern.compile("\\bexecve(?:at)?\\(.*");

    private Strace() {}

    public static boolean isHere() {
        return Files.isExecutable(PROGRAM);
    }

    /** A command that runs the tool, which alone gets the environment. */
    public static List<String> command(List<String> tool, Map<String, String> environment) {
        List<String> command = new ArrayList<>(List.of(PROGRAM.toString()));
        command.addAll(List.of("-f", "-qq", "--seccomp-bpf", "-e", "trace=%file,%network"));
        command.addAll(List.of("-e", "signal=none"));
        environment.forEach((name, value) -> command.addAll(List.of("-E", name + "=" + value)));
        command.addAll(tool);
        return command;
    }

    /**
     * What is neither the tool nor one of its libraries.
     *
     * @param own the folder of the tool
     */
    public static List<String> outside(String log, Path own) {
        List<String> outside = new ArrayList<>();
        int started = 0;
        for (String line : log.lines().toList()) {
            Matcher opened = OPENED.matcher(line);
            if (opened.find()) {
                if (!isLibrary(opened.group(1), own)) {
                    outside.add(opened.group(1));
                }
            } else if (CALLED.matcher(line).find()) {
                outside.add(line);
            } else if (STARTED.matcher(line).find()) {
                started++;
                if (started > 1) {
                    outside.add(line);
                }
            }
        }
        return outside;
    }

    private static boolean isLibrary(String path, Path own) {
        return Path.of(path).normalize().startsWith(own)
                || path.startsWith("/lib")
                || path.startsWith("/usr/lib")
                || path.equals("/etc/ld.so.cache")
                || path.equals("/etc/localtime")
                || path.startsWith("/usr/share/zoneinfo/");
    }
}
