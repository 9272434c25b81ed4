package io.heimdex.archive;

import java.util.List;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The embedded database with the rights that the service itself has not. */
@TestComponent
public class TestDatabase {

    private static final String APP = "heimdex_app";
    private static final String OWNER = "postgres";

    private final JdbcConnectionDetails embedded;
    private final JdbcClient owner;

    TestDatabase(JdbcConnectionDetails embedded) {
        this.embedded = embedded;
        this.owner = JdbcClient.create(new DriverManagerDataSource(migrationUrl()));
    }

    /** As the owner of the tables, whom no policy holds. */
    public JdbcClient asOwner() {
        return owner;
    }

    /** Where the service itself works. */
    public String url() {
        return url("postgres", APP);
    }

    /** Where its migrations are made. */
    public String migrationUrl() {
        return url("postgres", OWNER);
    }

    /** Where the service itself works, as another role. */
    public String url(String role) {
        return url("postgres", role);
    }

    /** Makes a database beside this one; the settings of a node that uses it as two roles do. */
    public List<String> create(String name) {
        owner.sql("create database " + name).update();
        return List.of(
                "--heimdex.database.url=" + url(name, APP),
                "--heimdex.database.migration-url=" + url(name, OWNER));
    }

    public void drop(String name) {
        owner.sql("drop database if exists " + name).update();
    }

    private String url(String database, String user) {
        return embedded.getJdbcUrl().replaceFirst("/postgres\\?.*", "/" + database)
                + "?user="
                + user;
    }
}
