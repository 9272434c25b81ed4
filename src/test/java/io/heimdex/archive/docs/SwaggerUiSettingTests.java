package io.heimdex.archive.docs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The page is there unless somebody turns it off. */
class SwaggerUiSettingTests {

    private final ApplicationContextRunner node =
            new ApplicationContextRunner().withUserConfiguration(SwaggerUiController.class);

    @Test
    void itIsThere() {
        node.run(context -> assertThat(context).hasSingleBean(SwaggerUiController.class));
    }

    @Test
    void itIsNotThereIfItIsTurnedOff() {
        node.withPropertyValues("heimdex.docs.ui=false")
                .run(context -> assertThat(context).doesNotHaveBean(SwaggerUiController.class));
    }
}
