package io.heimdex.archive.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.heimdex.archive.problem.CannotStartException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class RolesTests {

    @Test
    void aNodeDoesEverythingUnlessToldOtherwise() {
        assertThat(roles(Map.of())).isEqualTo(new Roles(true, true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "api        | true  | false",
                "worker     | false | true",
                "api,worker | true  | true",
                "worker,api | true  | true",
                "worker, api| true  | true",
                "api,api    | true  | false"
            })
    void rolesAreNamed(String names, boolean api, boolean worker) {
        assertThat(roles(Map.of("HEIMDEX_ROLES", names))).isEqualTo(new Roles(api, worker));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ",", "api,", "wrker", "api,wrker", "API", "api worker"})
    void emptyAndUnknownRolesAreRefused(String names) {
        assertThatExceptionOfType(CannotStartException.class)
                .isThrownBy(() -> roles(Map.of("HEIMDEX_ROLES", names)))
                .withMessageContaining("HEIMDEX_ROLES");
    }

    @Test
    void theBackendOfOlderDeploymentsSaysWhoRunsTheJobs() {
        assertThat(roles(Map.of("HEIMDEX_JOB_QUEUE_BACKEND", "immediate")))
                .isEqualTo(new Roles(true, true));
        assertThat(roles(Map.of("HEIMDEX_JOB_QUEUE_BACKEND", "rq")))
                .isEqualTo(new Roles(true, false));
    }

    @Test
    void namedRolesGoBeforeTheBackend() {
        assertThat(roles(Map.of("HEIMDEX_JOB_QUEUE_BACKEND", "rq", "HEIMDEX_ROLES", "worker")))
                .isEqualTo(new Roles(false, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "celery", "RQ"})
    void otherBackendsAreRefusedWhateverTheRoles(String backend) {
        assertThatExceptionOfType(CannotStartException.class)
                .isThrownBy(() ->
                        roles(Map.of("HEIMDEX_JOB_QUEUE_BACKEND", backend, "HEIMDEX_ROLES", "api")))
                .withMessageContaining("HEIMDEX_JOB_QUEUE_BACKEND");
    }

    /** Read as they are at start. */
    private static Roles roles(Map<String, Object> variables) {
        var sources = new StandardEnvironment().getPropertySources();
        sources.forEach(source -> sources.remove(source.getName()));
        sources.addFirst(
                new SystemEnvironmentPropertySource(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
        return Roles.of(
                new Binder(ConfigurationPropertySources.from(sources))
                        .bindOrCreate("heimdex", NodeSettings.class));
    }
}
