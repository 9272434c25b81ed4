package io.heimdex.archive;

import com.google.cloud.spring.autoconfigure.core.GcpContextAutoConfiguration;
import com.google.cloud.spring.autoconfigure.storage.GcpStorageAutoConfiguration;
import io.heimdex.archive.cli.HeimdexCli;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.TimeZone;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;

/** Starts a node: the API, a worker, or both in one process; or runs a command. */
@SpringBootApplication(
        proxyBeanMethods = false,
        exclude = {GcpContextAutoConfiguration.class, GcpStorageAutoConfiguration.class})
@ConfigurationPropertiesScan
public class HeimdexApplication {

    public static void main(String[] args) {
        // Spring Batch writes local times without a zone: every node has to agree on one.
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        if (HeimdexCli.isCommand(args)) {
            System.exit(
                    HeimdexCli.run(
                            HeimdexApplication.class,
                            new PrintWriter(System.out, true, System.out.charset()),
                            new PrintWriter(System.err, true, System.err.charset()),
                            args));
        }
        SpringApplication.run(HeimdexApplication.class, args);
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }
}
