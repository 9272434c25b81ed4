package io.heimdex.archive.database;

import io.heimdex.archive.tenancy.Reach;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Tells the database the {@link Reach} of the thread before the first statement of each
 * transaction, for the length of that transaction. A statement outside of a transaction gets one of
 * its own, which ends with the statement; so its rows have to be fetched all at once, as they are
 * by default.
 */
final class TenantDataSource extends DelegatingDataSource {

    private static final String SET = "select set_config('heimdex.org', ?, true)";

    TenantDataSource(DataSource target) {
        super(target);
    }

    @Override
    public Connection getConnection() throws SQLException {
        return proxy(Connection.class, new Told(super.getConnection()));
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(
                        TenantDataSource.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static @Nullable Object call(
            Object target, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** A connection, and what the database was told in its transaction. */
    private static final class Told implements InvocationHandler {

        private final Connection connection;
        private @Nullable String reach;

        Told(Connection connection) {
            this.connection = connection;
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // A proxy is equal to itself alone.
        public @Nullable Object invoke(
                Object proxy, Method method, @Nullable Object @Nullable [] arguments)
                throws Throwable {
            switch (method.getName()) {
                case "commit", "rollback", "setAutoCommit" -> reach = null;
                case "equals" -> {
                    return arguments != null && proxy == arguments[0];
                }
                case "hashCode" -> {
                    return System.identityHashCode(proxy);
                }
                default -> {
                    // Leaves the transaction as it is.
                }
            }
            Object answer = call(connection, method, arguments);
            return switch (answer) {
                case CallableStatement statement ->
                        proxy(CallableStatement.class, executing(statement));
                case PreparedStatement statement ->
                        proxy(PreparedStatement.class, executing(statement));
                case Statement statement -> proxy(Statement.class, executing(statement));
                case null, default -> answer;
            };
        }

        private InvocationHandler executing(Statement statement) {
            return (_, method, arguments) ->
                    method.getName().startsWith("execute")
                            ? execute(statement, method, arguments)
                            : call(statement, method, arguments);
        }

        private @Nullable Object execute(
                Statement statement, Method method, @Nullable Object @Nullable [] arguments)
                throws Throwable {
            if (!connection.getAutoCommit()) {
                tell();
                return call(statement, method, arguments);
            }
            connection.setAutoCommit(false);
            try {
                tell();
                Object answer = call(statement, method, arguments);
                connection.commit();
                connection.setAutoCommit(true);
                return answer;
            } catch (Throwable e) {
                endFailed(e);
                throw e;
            } finally {
                reach = null;
            }
        }

        private void endFailed(Throwable failure) {
            try {
                connection.rollback();
                connection.setAutoCommit(true);
            } catch (SQLException e) {
                failure.addSuppressed(e);
            }
        }

        private void tell() throws SQLException {
            String current = Reach.current();
            if (current.equals(reach)) {
                return;
            }
            try (PreparedStatement set = connection.prepareStatement(SET)) {
                set.setString(1, current);
                set.execute();
            }
            reach = current;
        }
    }
}
