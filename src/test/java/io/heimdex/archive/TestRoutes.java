package io.heimdex.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.access.OpenToAll;
import io.heimdex.archive.access.RequiresScope;
import io.heimdex.archive.tenancy.Scope;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springframework.context.ApplicationContext;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Every route that a running service answers. */
public final class TestRoutes {

    private static final String ERROR = "/error";

    /** What reads before what changes, and what deletes at last, whatever order the map has. */
    private static final Comparator<Route> READS_FIRST =
            Comparator.comparingInt((Route route) -> Route.ORDER.indexOf(route.method()))
                    .thenComparing(Route::path);

    private TestRoutes() {}

    /** One method of one path, and what answers it. */
    public record Route(String method, String path, HandlerMethod handler) {

        static final List<String> ORDER = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");

        public boolean open() {
            return handler.hasMethodAnnotation(OpenToAll.class);
        }

        public Optional<Scope> scope() {
            return Optional.ofNullable(handler.getMethodAnnotation(RequiresScope.class))
                    .map(RequiresScope::value);
        }

        /** Whose thing the path names, as {@code assets} or {@code jobs}; empty if nobody's. */
        public Optional<String> thing() {
            return path.contains("{id}")
                    ? Optional.of(path.replaceAll("/v1/([a-z]+)/\\{id}.*", "$1"))
                    : Optional.empty();
        }

        /** The path of this thing. */
        public String of(String id) {
            return path.replace("{id}", id).replace("{idx}", "0").replace("{n}", "1");
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    public static List<Route> of(ApplicationContext service) {
        List<Route> routes =
                service
                        .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                        .getHandlerMethods()
                        .entrySet()
                        .stream()
                        .flatMap(entry -> of(entry.getKey(), entry.getValue()).stream())
                        .filter(route -> !route.path().equals(ERROR))
                        .filter(TestRoutes::ours)
                        .sorted(READS_FIRST)
                        .toList();
        assertThat(routes).hasSizeGreaterThan(25);
        assertThat(routes).extracting(Route::method).isSubsetOf(Route.ORDER);
        assertThat(routes).allMatch(route -> !route.of("x").contains("{"));
        return routes;
    }

    /** Not that of springdoc, which only tests have. */
    private static boolean ours(Route route) {
        return route.handler()
                .getBeanType()
                .getPackageName()
                .startsWith(TestRoutes.class.getPackageName());
    }

    private static List<Route> of(RequestMappingInfo mapping, HandlerMethod handler) {
        return mapping.getPatternValues().stream()
                .flatMap(path ->
                        mapping.getMethodsCondition().getMethods().stream()
                                .map(method -> new Route(method.name(), path, handler)))
                .toList();
    }
}
