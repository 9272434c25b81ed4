package io.heimdex.archive.chaos;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Takes both fences of a chunk away: Spring Batch's version of the step, and the rule that an item
 * ends once.
 */
final class NoFence implements BeanPostProcessor {

    private static final String ENDS_ONCE = " and i.outcome is null";
    private static final String VERSION =
            "select version from batch_step_execution where step_execution_id = ?";

    private final BeanFactory beans;

    NoFence(BeanFactory beans) {
        this.beans = beans;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return switch (bean) {
            case JobRepository repository -> proxy(JobRepository.class, versionless(repository));
            case JdbcClient jdbc -> proxy(JdbcClient.class, endingTwice(jdbc));
            default -> bean;
        };
    }

    private InvocationHandler versionless(JobRepository repository) {
        return (_, method, arguments) -> {
            if (!method.getName().equals("update")
                    || !(arguments[0] instanceof StepExecution step)) {
                return invoke(repository, method, arguments);
            }
            while (true) {
                step.setVersion(version(step));
                try {
                    return invoke(repository, method, arguments);
                } catch (OptimisticLockingFailureException _) {
                    // The other worker was between the two.
                }
            }
        };
    }

    private static InvocationHandler endingTwice(JdbcClient jdbc) {
        return (_, method, arguments) ->
                arguments != null && arguments[0] instanceof String sql
                        ? invoke(jdbc, method, sql.replace(ENDS_ONCE, ""))
                        : invoke(jdbc, method, arguments);
    }

    private Integer version(StepExecution step) {
        return JdbcClient.create(beans.getBean(DataSource.class))
                .sql(VERSION)
                .param(step.getId())
                .query(Integer.class)
                .single();
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(
                        NoFence.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static @Nullable Object invoke(
            Object target, Method method, @Nullable Object @Nullable ... arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
