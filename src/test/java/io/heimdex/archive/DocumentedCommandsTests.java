package io.heimdex.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * What the documentation tells its readers to type, typed: a page's commands in one shell, in their
 * order, against the running service. Commands under a comment {@code not run} are left out.
 */
@ServiceTest
class DocumentedCommandsTests {

    private static final Path HOME = FreshTestData.ARCHIVES.resolve("home");

    private static final Pattern BLOCK =
            Pattern.compile(
                    "(?<unrun><!-- not run[^>]*-->\\n)?```(?<language>sh|python|java)\\n(?<code>.*?)\\n```\\n"
                            + "(```(?:json|text)\\n(?<shown>.*?)\\n```)?",
                    Pattern.DOTALL);

    private static final Pattern KEY = Pattern.compile("\"([a-z_]+)\": ?");

    /** What runs a block of a language, given its file. */
    private static final Map<String, String> PROGRAMS =
            Map.of("sh", ". %s", "python", "python3 %s", "java", "java %s");

    @Autowired TestApi api;

    @TempDir Path folder;

    /** Commands, and what the page says that they print; empty if it does not. */
    private record Block(String language, String code, String shown) {}

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/tutorial.md", "docs/how-to/clients.md"})
    void whatAPageTellsToTypeDoesWhatItShows(String page) throws Exception {
        List<Block> blocks = blocks(page);
        assertThat(blocks).hasSizeGreaterThan(3);

        run(blocks);

        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            String printed = Files.readString(folder.resolve(i + ".out"));
            assertThat(folder.resolve(i + ".code"))
                    .as("%s\nprinted: %s", block.code(), printed)
                    .content()
                    .isEqualTo("0\n");
            assertThat(printed).as(block.code()).doesNotContain("\"status\":5");
            if (block.shown().startsWith("{")) {
                assertThat(keys(printed)).as(block.code()).containsAll(keys(block.shown()));
            } else if (!block.shown().isEmpty()) {
                assertThat(printed.strip()).as(block.code()).endsWith(block.shown());
            }
        }
    }

    private void run(List<Block> blocks) throws IOException, InterruptedException {
        StringBuilder script = new StringBuilder();
        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            Path code =
                    folder.resolve("Block" + i + (block.language().equals("java") ? ".java" : ""));
            Files.writeString(code, block.code() + "\n");
            script.append("{ ")
                    .append(Objects.requireNonNull(PROGRAMS.get(block.language())).formatted(code))
                    .append("; } >%s/%d.out 2>&1\necho $? >%1$s/%2$d.code\n".formatted(folder, i));
        }
        Path whole = Files.writeString(folder.resolve("page"), script);
        ProcessBuilder builder = new ProcessBuilder("bash", whole.toString()).inheritIO();
        builder.environment()
                .put("HOME", Files.createDirectories(HOME).toAbsolutePath().toString());
        builder.environment()
                .merge(
                        "PATH",
                        Path.of(System.getProperty("java.home"), "bin").toString(),
                        (path, java) -> java + ":" + path);
        Process shell = builder.start();
        if (!shell.waitFor(2, TimeUnit.MINUTES)) {
            shell.descendants().forEach(ProcessHandle::destroyForcibly);
            shell.destroyForcibly();
            throw new AssertionError("The page's commands do not end:\n" + script);
        }
    }

    private List<Block> blocks(String page) throws IOException {
        List<Block> blocks = new ArrayList<>();
        var found = BLOCK.matcher(Files.readString(Path.of(page)));
        while (found.find()) {
            if (found.group("unrun") == null) {
                blocks.add(
                        new Block(
                                found.group("language"),
                                here(found.group("code")),
                                Objects.requireNonNullElse(found.group("shown"), "")));
            }
        }
        return blocks;
    }

    /** The service and the folder of this test, for those that the page names. */
    private String here(String code) {
        return code.replace("http://localhost:8080", api.base()).replace("/tmp/", folder + "/");
    }

    private static Stream<String> keysOf(String json) {
        return KEY.matcher(json).results().map(key -> key.group(1));
    }

    private static List<String> keys(String json) {
        return keysOf(json).distinct().toList();
    }
}
