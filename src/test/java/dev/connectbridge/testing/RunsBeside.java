package dev.connectbridge.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Set;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.ResourceLocksProvider;

/**
 * Tests that may run while those of other classes do, since they mostly wait, start no proxies and
 * measure no time. They themselves still run one after another.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(providers = RunsBeside.OneAfterAnother.class)
public @interface RunsBeside {

  /** A lock of the class's own, under which nothing below it is run beside anything. */
  final class OneAfterAnother implements ResourceLocksProvider {
    @Override
    public Set<Lock> provideForClass(Class<?> tests) {
      return Set.of(new Lock(tests.getName()));
    }
  }
}
