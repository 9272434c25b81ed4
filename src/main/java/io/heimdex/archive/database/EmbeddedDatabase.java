package io.heimdex.archive.database;

import io.heimdex.archive.problem.CannotStartException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/**
 * A real PostgreSQL of our own, for one machine and one process of this service. Its data stays
 * between starts.
 */
final class EmbeddedDatabase implements JdbcConnectionDetails, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedDatabase.class);
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private static final String OWNER = "postgres";

    /** Owns nothing, and is held by every policy. */
    private static final String ROLE = "heimdex_app";

    private static final String MAKE_ROLE =
            """
            do $$ begin
                if not exists (select from pg_roles where rolname = '%1$s') then
                    create role %1$s login;
                end if;
            end $$
            """
                    .formatted(ROLE);

    private final EmbeddedPostgres postgres;
    private final FileChannel lock;

    private EmbeddedDatabase(EmbeddedPostgres postgres, FileChannel lock) {
        this.postgres = postgres;
        this.lock = lock;
    }

    /**
     * Starts PostgreSQL over the data below the folder, which it makes if it is new.
     *
     * @throws CannotStartException if another process of this service uses the folder
     */
    static EmbeddedDatabase start(Path dataDir) throws IOException {
        Path folder = ownersOnly(dataDir.toAbsolutePath().normalize());
        FileChannel lock = lock(folder.resolve("postgres.lock"));
        try {
            Path data = folder.resolve("postgres");
            stopLeftover(data);
            Path binaries = ownersOnly(folder.resolve("postgres-binaries"));
            EmbeddedPostgres postgres =
                    EmbeddedPostgres.builder()
                            .setDataDirectory(data)
                            .setCleanDataDirectory(false)
                            .setOverrideWorkingDirectory(binaries.toFile())
                            .setServerConfig("fsync", "on")
                            .setServerConfig("synchronous_commit", "on")
                            // After a checkpoint every page is logged whole once more: in a run
                            // over an archive that would be most of what is written.
                            .setServerConfig("max_wal_size", "2GB")
                            .setRegisterShutdownHook(false)
                            .setPGStartupWait(START_LIMIT)
                            .start();
            // The library opens the folder to everybody, who could then choose what runs here next.
            ownersOnly(binaries);
            makeRole(postgres);
            return new EmbeddedDatabase(postgres, lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static void makeRole(EmbeddedPostgres postgres) throws IOException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(MAKE_ROLE);
        } catch (SQLException e) {
            throw new IOException("the role of the embedded database could not be made", e);
        }
    }

    /** The folder, made if it is not there, and closed to everybody but this user. */
    private static Path ownersOnly(Path folder) throws IOException {
        Files.createDirectories(folder);
        return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }

    private static FileChannel lock(Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (tryLock(channel) == null) {
            channel.close();
            throw new CannotStartException(
                    "another Heimdex process uses the data folder; stop it, or set "
                            + "HEIMDEX_DATA_DIR to another folder");
        }
        return channel;
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) {
            return null;
        }
    }

    /**
     * The server of a process that was killed goes on without it. We hold the lock, so nobody uses
     * it any more.
     */
    private static void stopLeftover(Path data) throws IOException {
        Path pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        Optional<ProcessHandle> server = serverOf(pidFile, data);
        if (server.isEmpty()) {
            // Left by a crash: nobody else has the folder, so it names no server of ours.
            Files.delete(pidFile);
            return;
        }
        log.info("stopping the embedded PostgreSQL that an earlier process left running");
        server.get().destroy();
        try {
            server.get().onExit().get(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while an earlier PostgreSQL stopped", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the PostgreSQL that an earlier process left does not stop", e);
        }
    }

    private static Optional<ProcessHandle> serverOf(Path pidFile, Path data) throws IOException {
        try (Stream<String> lines = Files.lines(pidFile)) {
            return lines.findFirst()
                    .map(String::strip)
                    .filter(line -> line.matches("\\d{1,10}"))
                    .map(Long::valueOf)
                    .filter(pid -> commandLine(pid).contains(data.toString()))
                    .flatMap(ProcessHandle::of);
        }
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"));
        } catch (IOException _) {
            return "";
        }
    }

    /** The role that owns the tables. */
    JdbcConnectionDetails owner() {
        return new ExternalDatabase(postgres.getJdbcUrl(OWNER, "postgres"), OWNER, null);
    }

    @Override
    public String getJdbcUrl() {
        return postgres.getJdbcUrl(ROLE, "postgres");
    }

    @Override
    public String getUsername() {
        return ROLE;
    }

    @Override
    public @Nullable String getPassword() {
        return null;
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            postgres.close();
        }
    }
}
