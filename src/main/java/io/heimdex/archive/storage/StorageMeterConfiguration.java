package io.heimdex.archive.storage;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Measures whatever store there is; a command that runs alone measures nothing. */
@Configuration(proxyBeanMethods = false)
class StorageMeterConfiguration {

    @Bean
    static BeanPostProcessor measuredStore(ObjectProvider<MeterRegistry> meters) {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                MeterRegistry known = bean instanceof MediaStore ? meters.getIfAvailable() : null;
                return known == null ? bean : new MeasuredStore((MediaStore) bean, known);
            }
        };
    }
}
