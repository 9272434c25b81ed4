package io.heimdex.archive;

import java.io.File;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What a process needs that runs classes of this build. */
public final class TestProcess {

    private TestProcess() {}

    /**
     * This one's class path, without empty entries, which would stand for the working directory.
     */
    public static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
