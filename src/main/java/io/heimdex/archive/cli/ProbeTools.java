package io.heimdex.archive.cli;

import io.heimdex.archive.probe.MediaProber;
import io.heimdex.archive.probe.ProbeSettings;
import io.heimdex.archive.sidecar.SidecarAssembler;
import java.time.Clock;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Import;

/** The few parts of the service that a probe needs. No configuration of the service's own. */
@ComponentScan(basePackageClasses = MediaProber.class)
@EnableConfigurationProperties(ProbeSettings.class)
@Import(SidecarAssembler.class)
@ImportAutoConfiguration(JacksonAutoConfiguration.class)
class ProbeTools {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }
}
