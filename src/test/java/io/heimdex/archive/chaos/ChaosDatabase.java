package io.heimdex.archive.chaos;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A PostgreSQL of the run's own, which keeps what it has committed, and can be crashed. */
final class ChaosDatabase implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final int MAX_CONNECTIONS = 400;
    private static final String OWNER = "postgres";
    private static final String APP = "heimdex_app";

    private final EmbeddedPostgres postgres;
    private final Path folder;

    private ChaosDatabase(EmbeddedPostgres postgres, Path folder) {
        this.postgres = postgres;
        this.folder = folder;
    }

    static ChaosDatabase start(Path folder, Path binaries) throws IOException {
        Files.createDirectories(binaries);
        EmbeddedPostgres postgres =
                EmbeddedPostgres.builder()
                        .setDataDirectory(folder.resolve("data"))
                        .setOverrideWorkingDirectory(binaries.toFile())
                        .setServerConfig("fsync", "on")
                        .setServerConfig("synchronous_commit", "on")
                        .setServerConfig("max_connections", Integer.toString(MAX_CONNECTIONS))
                        .setRegisterShutdownHook(false)
                        .setPGStartupWait(START_LIMIT)
                        .start();
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create role " + APP + " login");
        } catch (SQLException e) {
            throw new IOException("the role of the workers cannot be made", e);
        }
        return new ChaosDatabase(postgres, folder);
    }

    /** For the product itself: a role that owns nothing and that every policy holds. */
    String url(String applicationName) {
        return url(APP, applicationName);
    }

    /** For migrations, and for whoever looks on from outside. */
    String ownerUrl(String applicationName) {
        return url(OWNER, applicationName);
    }

    private String url(String user, String applicationName) {
        return postgres.getJdbcUrl(user, "postgres") + "&ApplicationName=" + applicationName;
    }

    /** Ends the server at once, as a crash would, and starts it again in the same place. */
    void crash() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if (ProcessHandle.current().info().user().filter("root"::equals).isPresent()) {
            // PostgreSQL does not run as root.
            command.addAll(List.of("unshare", "-U"));
        }
        Path log = folder.resolve("restarts.log");
        command.addAll(
                List.of(
                        pgCtl().toString(),
                        "-D",
                        folder.resolve("data").toString(),
                        "-m",
                        "immediate",
                        "-w",
                        "-t",
                        Long.toString(START_LIMIT.toSeconds()),
                        "-l",
                        folder.resolve("server.log").toString(),
                        "restart"));
        Process restart =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(Redirect.appendTo(log.toFile()))
                        .start();
        if (!restart.waitFor(2 * START_LIMIT.toSeconds(), TimeUnit.SECONDS)
                || restart.exitValue() != 0) {
            restart.destroyForcibly();
            throw new IOException("PostgreSQL does not start again: " + Files.readString(log));
        }
    }

    /** Beside the server's own program, which the library may have unpacked for another one. */
    private Path pgCtl() throws IOException {
        String pid = Files.readAllLines(folder.resolve("data", "postmaster.pid")).getFirst();
        return Path.of("/proc", pid, "exe").toRealPath().resolveSibling("pg_ctl");
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
