package dev.connectbridge.supervise;

import dev.connectbridge.drain.DrainPolicy;
import dev.connectbridge.supervise.Moment.Machine;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;

/** The faults that no storm may pass over, each as small as it would be in the code. */
enum StormPlants implements StormPlant {
  /** Deadlines go by the time of day. */
  DEADLINES_BY_THE_WALL {
    @Override
    public Ticker ticker(Ticker ticker) {
      return new Spoilt(ticker) {
        @Override
        public Duration now() {
          super.now();
          return Duration.between(Instant.EPOCH, wall());
        }
      };
    }
  },
  /** What a crash has left goes by the time of day, though the machine says how long it was up. */
  UPTIME_IGNORED {
    @Override
    public Ticker ticker(Ticker ticker) {
      return new Spoilt(ticker) {
        @Override
        public Optional<Machine> machine() {
          return Optional.empty();
        }
      };
    }
  },
  /** What the agent has forgotten counts as absent from the catalog. */
  PROOF_BELIEVED {
    @Override
    public Proof proof(Proof proof) {
      return new Proof() {
        @Override
        public Seeking seek(String node, SortedMap<String, String> names, Runnable proven) {
          proven.run();
          return new Seeking() {
            @Override
            public String doubt() {
              return "none";
            }

            @Override
            public void cancel() {}
          };
        }

        @Override
        public void close() {}
      };
    }
  },
  /** Nobody waits for the proof once the delays are over. */
  NOT_WAITED_FOR {
    @Override
    public DrainPolicy policy(DrainPolicy policy) {
      return new DrainPolicy(Duration.ZERO, Optional.empty(), policy.criticalFirst());
    }
  },
  /** What leaves may be written all the same. */
  FENCE_OPEN {
    @Override
    public Departures departures(Departures departures) {
      return (Departures)
          Proxy.newProxyInstance(
              Departures.class.getClassLoader(),
              new Class<?>[] {Departures.class},
              (proxy, method, arguments) ->
                  switch (method.getName()) {
                    case "isLeaving" -> false;
                    case "mayWrite" -> true;
                    case "wrote" -> null;
                    default -> call(method, departures, arguments);
                  });
    }
  };

  private static Object call(Method method, Object on, Object... arguments) throws Throwable {
    try {
      return method.invoke(on, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** A clock that does not what it should. */
  private abstract static class Spoilt implements Ticker {
    private final Ticker real;

    private Spoilt(Ticker real) {
      this.real = real;
    }

    @Override
    public Duration now() {
      return real.now();
    }

    @Override
    public void pause(Duration time) {
      real.pause(time);
    }

    @Override
    public Instant wall() {
      return real.wall();
    }

    @Override
    public Optional<Machine> machine() {
      return real.machine();
    }
  }
}
