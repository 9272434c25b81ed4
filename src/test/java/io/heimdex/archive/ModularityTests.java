package io.heimdex.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.ApplicationModule;
import org.springframework.modulith.core.ApplicationModules;

/** The modules of docs/architecture.md, and what each may import. */
class ModularityTests {

    private static final ApplicationModules MODULES =
            ApplicationModules.of(HeimdexApplication.class);

    @Test
    void modulesImportOnlyWhatTheyDeclare() {
        MODULES.verify();
    }

    @Test
    void everyModuleDeclaresWhatItMayImport() throws ReflectiveOperationException {
        String[] anything =
                (String[])
                        ApplicationModule.class.getMethod("allowedDependencies").getDefaultValue();
        assertThat(MODULES.stream().toList())
                .isNotEmpty()
                .allSatisfy(module -> {
                    ApplicationModule declared =
                            module.getBasePackage()
                                    .getAnnotation(ApplicationModule.class)
                                    .orElseThrow();
                    assertThat(Arrays.asList(declared.allowedDependencies()))
                            .doesNotContain(anything);
                });
    }
}
