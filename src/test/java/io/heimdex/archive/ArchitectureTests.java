package io.heimdex.archive;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.heimdex.archive.access.OpenToAll;
import io.heimdex.archive.access.RequiresScope;
import io.heimdex.archive.problem.CannotStartException;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.tenancy.OrgId;
import java.time.Instant;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Repository;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** How this code is written, as far as a machine can tell. */
@AnalyzeClasses(packages = "io.heimdex.archive", importOptions = DoNotIncludeTests.class)
class ArchitectureTests {

    private static final String BASE = "io.heimdex.archive";

    @ArchTest
    static final ArchRule controllersAndConfigurationsAreNotPublic =
            classes()
                    .that(areNotTheApplication())
                    .and()
                    .areAnnotatedWith(RestController.class)
                    .or()
                    .areAnnotatedWith(RestControllerAdvice.class)
                    .or()
                    .areAnnotatedWith(Configuration.class)
                    .should()
                    .notBePublic();

    @ArchTest
    static final ArchRule namesSayWhatAClassDoes =
            noClasses().should().haveNameMatching(".*(Impl|Service|Manager|Util|Utils|Helper)");

    @ArchTest
    static final ArchRule settingsAreRecords =
            classes().that().areAnnotatedWith(ConfigurationProperties.class).should().beRecords();

    @ArchTest
    static final ArchRule oneExceptionBase =
            classes()
                    .that()
                    .areAssignableTo(Throwable.class)
                    .and()
                    .areNotAssignableTo(CannotStartException.class)
                    .and()
                    .resideOutsideOfPackage("..cli..")
                    .should()
                    .beAssignableTo(HeimdexException.class);

    @ArchTest
    static final ArchRule dependenciesComeByTheConstructor =
            noFields().should().beAnnotatedWith(Autowired.class);

    @ArchTest
    static final ArchRule noTwoConstructorsToChooseFrom =
            constructors().should().notBeAnnotatedWith(Autowired.class).allowEmptyShould(true);

    @ArchTest
    static final ArchRule timeComesFromTheClock =
            noClasses()
                    .should()
                    .callMethod(Instant.class, "now")
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule onlyAccessKnowsWhoIsLoggedIn =
            noClasses()
                    .that()
                    .resideOutsideOfPackage(BASE + ".access..")
                    .should()
                    .dependOnClassesThat()
                    .areAssignableTo(SecurityContextHolder.class);

    @ArchTest
    static final ArchRule sqlIsSpokenByRepositoriesAndBatchListenersOnly =
            noClasses()
                    .that()
                    .areNotAnnotatedWith(Repository.class)
                    .and()
                    .resideOutsideOfPackage(BASE + ".job")
                    .should()
                    .dependOnClassesThat()
                    .areAssignableTo(JdbcClient.class);

    @ArchTest
    static final ArchRule processesAreStartedInTheCageOnly =
            noClasses()
                    .that()
                    .resideOutsideOfPackage(BASE + ".ffmpeg")
                    .should()
                    .dependOnClassesThat()
                    .areAssignableTo(ProcessBuilder.class);

    @ArchTest
    static final ArchRule theOrgComesFirst =
            methods()
                    .that()
                    .areDeclaredInClassesThat()
                    .areAnnotatedWith(Repository.class)
                    .and()
                    .arePublic()
                    .should(beginWithTheirOrg());

    @ArchTest
    static final ArchRule everyRouteSaysWhoMayCallIt =
            methods()
                    .that()
                    .areMetaAnnotatedWith(RequestMapping.class)
                    .and()
                    .areDeclaredInClassesThat()
                    .areAnnotatedWith(RestController.class)
                    .and()
                    .areDeclaredInClassesThat()
                    .doNotImplement(org.springframework.boot.webmvc.error.ErrorController.class)
                    .should()
                    .beAnnotatedWith(RequiresScope.class)
                    .orShould()
                    .beAnnotatedWith(OpenToAll.class);

    private static DescribedPredicate<JavaClass> areNotTheApplication() {
        return DescribedPredicate.describe(
                "are not the application", type -> !type.isEquivalentTo(HeimdexApplication.class));
    }

    /** The first parameter is an org, or something that begins with one. */
    private static ArchCondition<JavaMethod> beginWithTheirOrg() {
        return new ArchCondition<>(
                "have the org, or a record that begins with it, as first parameter") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                boolean org =
                        !method.getRawParameterTypes().isEmpty()
                                && namesOrg(method.getRawParameterTypes().getFirst());
                events.add(
                        new SimpleConditionEvent(
                                method, org, method.getFullName() + " does not begin with an org"));
            }
        };
    }

    private static boolean namesOrg(JavaClass type) {
        return type.isEquivalentTo(OrgId.class)
                || (type.isRecord()
                        && type.getFields().stream()
                                .anyMatch(field ->
                                        field.getName().equals("org")
                                                && field.getRawType().isEquivalentTo(OrgId.class)));
    }
}
