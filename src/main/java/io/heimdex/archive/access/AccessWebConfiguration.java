package io.heimdex.archive.access;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.tenancy.Caller;
import io.heimdex.archive.tenancy.Scope;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Enforces {@link RequiresScope} before a request's body is read, and hands controllers their
 * {@link Caller}.
 */
@Configuration(proxyBeanMethods = false)
class AccessWebConfiguration implements WebMvcConfigurer {

    private final DevTokenGate devTokens;

    AccessWebConfiguration(DevTokenGate devTokens) {
        this.devTokens = devTokens;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(devTokens).addPathPatterns(DevTokenGate.PATH);
        registry.addInterceptor(new ScopeInterceptor());
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new CallerArgument());
    }

    private static final class ScopeInterceptor implements HandlerInterceptor {

        @Override
        public boolean preHandle(
                HttpServletRequest request, HttpServletResponse response, Object handler) {
            if (handler instanceof HandlerMethod method
                    && request.getDispatcherType() == DispatcherType.REQUEST
                    && !method.hasMethodAnnotation(OpenToAll.class)) {
                RequiresScope required = method.getMethodAnnotation(RequiresScope.class);
                // A method that says nothing about access is closed to everybody but admins.
                check(Callers.current(), required == null ? Scope.ADMIN : required.value());
            }
            return true;
        }

        private static void check(Caller caller, Scope required) {
            if (caller.scopes().contains(required) || caller.scopes().contains(Scope.ADMIN)) {
                return;
            }
            throw new HeimdexException(
                    required == Scope.ADMIN
                            ? ErrorCode.ADMIN_SCOPE_REQUIRED
                            : ErrorCode.SCOPE_REQUIRED,
                    "This call needs a token with the scope " + required.value() + ".");
        }
    }

    private static final class CallerArgument implements HandlerMethodArgumentResolver {

        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType().equals(Caller.class);
        }

        @Override
        public Object resolveArgument(
                MethodParameter parameter,
                @Nullable ModelAndViewContainer container,
                NativeWebRequest request,
                @Nullable WebDataBinderFactory binders) {
            return Callers.current();
        }
    }
}
