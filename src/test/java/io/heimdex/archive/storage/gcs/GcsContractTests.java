package io.heimdex.archive.storage.gcs;

import io.heimdex.archive.storage.ArchiveSettings;
import io.heimdex.archive.storage.MediaStore;
import io.heimdex.archive.storage.MediaStoreContract;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The contract of a store, kept by buckets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GcsContractTests extends MediaStoreContract {

    private StandInGcs gcs;
    private ConfigurableApplicationContext context;

    @BeforeAll
    void start() throws IOException {
        gcs = new StandInGcs();
        gcs.bucket("own");
        gcs.bucket("media");
        List<String> settings =
                new ArrayList<>(
                        List.of(
                                "--heimdex.storage.gcs.bucket=own",
                                "--heimdex.archives.acme=gs://media/films",
                                "--spring.config.location=optional:classpath:/none/",
                                "--logging.level.root=ERROR"));
        gcs.properties().forEach((name, value) -> settings.add("--" + name + "=" + value));
        context =
                new SpringApplicationBuilder(Parts.class)
                        .web(WebApplicationType.NONE)
                        .run(settings.toArray(String[]::new));
    }

    @AfterAll
    void stop() {
        context.close();
        gcs.close();
    }

    @Import(GcsConfiguration.class)
    @EnableConfigurationProperties({GcsSettings.class, ArchiveSettings.class})
    static class Parts {

        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }
    }

    @Override
    protected MediaStore store() {
        return context.getBean(MediaStore.class);
    }

    @Override
    protected void put(String name, byte[] bytes) {
        gcs.put("media", "films/" + name, bytes);
    }

    @Override
    protected void delete(String name) {
        gcs.delete("media", "films/" + name);
    }

    @Override
    protected byte[] derived(String key) {
        return gcs.bytes("own", "derived/" + key);
    }
}
