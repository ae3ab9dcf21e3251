package dev.connectbridge.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGTERM and SIGINT: the first asks to stop, the second ends everything at once. Shutdown hooks
 * cannot tell a second signal, and the class that can is one that a compiler warns of: so it is
 * asked for by name.
 */
final class Signals implements Terminal.Stops {
  private static final Logger log = LoggerFactory.getLogger(Signals.class);
  private static final List<String> NAMES = List.of("TERM", "INT");

  private final Runnable end;

  /** Creates them; {@code end} ends the process now, whatever it is about. */
  Signals(Runnable end) {
    this.end = end;
  }

  @Override
  public void onFirst(Runnable stop) {
    AtomicBoolean heard = new AtomicBoolean();
    InvocationHandler handler =
        (self, method, arguments) ->
            switch (method.getName()) {
              case "handle" -> {
                (heard.getAndSet(true) ? end : stop).run();
                yield null;
              }
              case "hashCode" -> System.identityHashCode(self);
              case "equals" -> self == arguments[0];
              default -> "connect-bridge's handler of signals";
            };
    NAMES.forEach(name -> handle(name, handler));
  }

  private static void handle(String name, InvocationHandler handler) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> type = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {type}, handler);
      signal
          .getMethod("handle", signal, type)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    } catch (ReflectiveOperationException e) {
      log.warn("this Java tells nothing of SIG{}: it will end the bridge at once", name, e);
    }
  }
}
