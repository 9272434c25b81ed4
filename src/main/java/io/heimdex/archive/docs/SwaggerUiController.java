package io.heimdex.archive.docs;

import io.heimdex.archive.access.OpenToAll;
import java.io.IOException;
import java.time.Duration;
import java.util.Properties;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PropertiesLoaderUtils;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.MediaTypeFactory;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Swagger UI, out of its WebJar. Of that only what the page needs is served, and the page may load
 * nothing else.
 */
@RestController
@ConditionalOnProperty(name = "heimdex.docs.ui", matchIfMissing = true)
class SwaggerUiController {

    private static final String WEBJAR = "META-INF/maven/org.webjars/swagger-ui/pom.properties";

    private final String version;

    SwaggerUiController() throws IOException {
        Properties webjar = PropertiesLoaderUtils.loadProperties(new ClassPathResource(WEBJAR));
        this.version = webjar.getProperty("version");
    }

    @OpenToAll
    @GetMapping("/docs")
    ResponseEntity<Resource> page() {
        return answer(new ClassPathResource("docs/index.html"));
    }

    @OpenToAll
    @GetMapping("/docs/start.js")
    ResponseEntity<Resource> start() {
        return answer(new ClassPathResource("docs/start.js"));
    }

    @OpenToAll
    @GetMapping("/docs/swagger-ui-bundle.js")
    ResponseEntity<Resource> script() {
        return answer(ofWebJar("swagger-ui-bundle.js"));
    }

    @OpenToAll
    @GetMapping("/docs/swagger-ui.css")
    ResponseEntity<Resource> style() {
        return answer(ofWebJar("swagger-ui.css"));
    }

    @OpenToAll
    @GetMapping("/docs/favicon-32x32.png")
    ResponseEntity<Resource> icon() {
        return answer(ofWebJar("favicon-32x32.png"));
    }

    private Resource ofWebJar(String name) {
        return new ClassPathResource(
                "META-INF/resources/webjars/swagger-ui/" + version + "/" + name);
    }

    private static ResponseEntity<Resource> answer(Resource resource) {
        return ResponseEntity.ok()
                .contentType(
                        MediaTypeFactory.getMediaType(resource)
                                .orElse(MediaType.APPLICATION_OCTET_STREAM))
                .cacheControl(CacheControl.maxAge(Duration.ofHours(1)).cachePublic())
                .body(resource);
    }
}
