package io.heimdex.archive;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A fault: every query has lost the condition that names the org. */
@TestConfiguration(proxyBeanMethods = false)
class ForgetfulQueries {

    private static final Pattern OF_ORG = Pattern.compile("\\b(?:\\w+\\.)?org_id = \\?");

    private static final Pattern OF_LISTED =
            Pattern.compile("\\b(?:\\w+\\.)?org_id = \\w+\\.of_org\\b");

    private static final Pattern OF_PAIR =
            Pattern.compile(
                    "\\((?:\\w+\\.)?org_id, ((?:\\w+\\.)?asset_id)\\) in \\(select \\?, unnest\\(\\?\\)\\)");

    @Bean
    static BeanPostProcessor withoutOrgs() {
        return new Forgetting();
    }

    /** Below what tells the database whose rows are reached. */
    private static final class Forgetting implements BeanPostProcessor, PriorityOrdered {

        @Override
        public int getOrder() {
            return Ordered.HIGHEST_PRECEDENCE;
        }

        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            return name.equals("dataSource") ? new Forgetful((DataSource) bean) : bean;
        }
    }

    private static final class Forgetful extends DelegatingDataSource {

        Forgetful(DataSource target) {
            super(target);
        }

        @Override
        public Connection getConnection() throws SQLException {
            Connection connection = super.getConnection();
            return (Connection)
                    Proxy.newProxyInstance(
                            ForgetfulQueries.class.getClassLoader(),
                            new Class<?>[] {Connection.class},
                            (_, method, arguments) -> {
                                if (method.getName().equals("prepareStatement")) {
                                    arguments[0] = forget((String) arguments[0]);
                                }
                                try {
                                    return method.invoke(connection, arguments);
                                } catch (InvocationTargetException e) {
                                    throw e.getCause();
                                }
                            });
        }
    }

    private static String forget(String sql) {
        String without = OF_ORG.matcher(sql).replaceAll("?::text is not null");
        without = OF_LISTED.matcher(without).replaceAll("true");
        return OF_PAIR.matcher(without).replaceAll("(?::text is not null and $1 = any(?))");
    }
}
