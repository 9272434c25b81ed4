package io.heimdex.archive.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.util.DigestUtils;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Serves the page's own files, and those files of libraries that it loads. */
@Configuration(proxyBeanMethods = false)
class ConsoleWebConfiguration implements WebMvcConfigurer {

    private static final String WEBJARS = "classpath:/META-INF/resources/webjars/";
    private static final Duration CACHED = Duration.ofDays(365);

    @Override
    public void addViewControllers(ViewControllerRegistry registry) {
        registry.addRedirectViewController("/console", "/console/");
        registry.addViewController("/console/").setViewName("forward:/console/index.html");
    }

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler("/console/**")
                .addResourceLocations("classpath:/console/")
                .setCacheControl(CacheControl.noCache())
                // All files of a jar that can be built twice have the same time.
                .setUseLastModified(false)
                .setEtagGenerator(ConsoleWebConfiguration::digest);
        library(
                registry,
                "lit-html",
                "lit-html.js",
                "directive.js",
                "directive-helpers.js",
                "directives/repeat.js",
                "directives/live.js");
        library(registry, "chart.js", "dist/chart.umd.min.js");
    }

    /** A version's files never change, and their path names it. */
    private static void library(ResourceHandlerRegistry registry, String name, String... files) {
        for (String file : files) {
            registry.addResourceHandler("/console/lib/" + name + "/*/" + file)
                    .addResourceLocations(WEBJARS + name + "/")
                    .setCacheControl(CacheControl.maxAge(CACHED).cachePublic().immutable())
                    .setUseLastModified(false);
        }
    }

    private static String digest(Resource file) {
        try (InputStream bytes = file.getInputStream()) {
            return DigestUtils.md5DigestAsHex(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
