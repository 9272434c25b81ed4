package io.heimdex.archive.storage.gcs;

import com.google.api.gax.retrying.RetrySettings;
import com.google.cloud.http.HttpTransportOptions;
import com.google.cloud.spring.autoconfigure.core.GcpContextAutoConfiguration;
import com.google.cloud.spring.autoconfigure.storage.GcpStorageAutoConfiguration;
import com.google.cloud.spring.autoconfigure.storage.GcpStorageProperties;
import com.google.cloud.spring.core.GcpProjectIdProvider;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import com.google.cloud.storage.StorageRetryStrategy;
import io.heimdex.archive.storage.ArchiveSettings;
import java.time.Clock;
import java.time.Duration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Spring Cloud GCP's own set-up, only where media is in Google Cloud Storage. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "heimdex.storage.backend", havingValue = "gcs")
@Import({
    GcsConfiguration.Project.class,
    GcpContextAutoConfiguration.class,
    GcpStorageAutoConfiguration.class
})
class GcsConfiguration {

    /** Comes before the starter's own, which then leaves it alone. */
    @ConditionalOnExpression("!'${heimdex.storage.gcs.project-id:}'.isEmpty()")
    static class Project {

        @Bean
        GcpProjectIdProvider gcpProjectIdProvider(GcsSettings settings) {
            return settings::projectId;
        }
    }

    /** The client gives up after the deadline, and every write of ours may be repeated. */
    @Bean
    GcsMediaStore gcsMediaStore(
            Storage storage,
            GcpStorageProperties starter,
            GcsSettings settings,
            ArchiveSettings archives,
            Clock clock) {
        RetrySettings retries =
                storage.getOptions().getRetrySettings().toBuilder()
                        .setInitialRetryDelayDuration(Duration.ofMillis(200))
                        .setRetryDelayMultiplier(2)
                        .setMaxRetryDelayDuration(Duration.ofSeconds(5))
                        .setMaxAttempts(0)
                        .setTotalTimeoutDuration(settings.deadline())
                        .build();
        int timeout = Math.toIntExact(settings.requestTimeout().toMillis());
        StorageOptions.Builder options =
                storage.getOptions().toBuilder()
                        .setRetrySettings(retries)
                        .setStorageRetryStrategy(
                                StorageRetryStrategy.getUniformStorageRetryStrategy())
                        .setTransportOptions(
                                HttpTransportOptions.newBuilder()
                                        .setConnectTimeout(timeout)
                                        .setReadTimeout(timeout)
                                        .build());
        if (starter.getHost() != null) {
            // The starter forgets its port.
            options.setHost(starter.getHost());
        }
        return new GcsMediaStore(options.build().getService(), settings, archives, clock);
    }
}
