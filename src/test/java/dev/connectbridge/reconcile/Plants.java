package dev.connectbridge.reconcile;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.consul.AgentFacts;
import dev.connectbridge.plan.Consent;
import dev.connectbridge.resolve.Marks;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Observed.Foreign;
import dev.connectbridge.resolve.Observed.Orphan;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.Registration.Sidecar;
import dev.connectbridge.resolve.ServiceId;
import dev.connectbridge.resolve.Snapshot;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The faults that no history may pass over, each as small as it would be in the code. */
enum Plants implements Plant {
  /** Nobody is asked before most of it goes. */
  GUARD_OFF {
    @Override
    public Settings settings(Settings settings) {
      return new Settings(
          settings.owner(),
          settings.node(),
          settings.minPort(),
          settings.maxPort(),
          settings.choices(),
          Consent.GIVEN,
          settings.drift());
    }
  },
  /** Nobody looks whether the agent is another one by now. */
  NODE_IGNORED {
    @Override
    Plant ofOneLife() {
      List<AgentFacts> told = new ArrayList<>();
      return new Spoilt() {
        @Override
        Object call(AgentApi agent, Call call) throws Throwable {
          Object answer = call.on(agent);
          if (answer instanceof AgentFacts facts) {
            told.add(facts);
            return told.get(0);
          }
          return answer;
        }
      };
    }
  },
  /** A snapshot that is not complete counts as one. */
  COMPLETE_IGNORED {
    @Override
    public Snapshot snapshot(Snapshot snapshot) {
      return new Snapshot(snapshot.files(), true, List.of());
    }
  },
  /** A file that cannot be read counts as empty. */
  BROKEN_FILE_AS_EMPTY {
    @Override
    public Snapshot snapshot(Snapshot snapshot) {
      return new Snapshot(
          snapshot.files().stream().filter(file -> file.problems().isEmpty()).toList(),
          snapshot.complete(),
          snapshot.problems());
    }
  },
  /** An agent that cannot be read counts as empty. */
  READ_ERROR_AS_EMPTY {
    @Override
    Object call(AgentApi agent, Call call) throws Throwable {
      try {
        return call.on(agent);
      } catch (AgentException e) {
        if (call.is("observe")) {
          return Observed.NOTHING;
        }
        throw e;
      }
    }
  },
  /** What other owners marked counts as ours. */
  OWNER_IGNORED {
    @Override
    Observed seen(Observed observed) {
      return withRegistrations(observed, one -> one.withMarks(ofOwner(one.marks(), "default")));
    }
  },
  /** What somebody else holds under our ID is not seen. */
  STRANGERS_IGNORED {
    @Override
    Observed seen(Observed observed) {
      return with(observed, observed.orphans(), List.of());
    }
  },
  /** A service is removed, and its sidecar after it. */
  PARENT_FIRST {
    @Override
    Object call(AgentApi agent, Call call) throws Throwable {
      if (call.is("deregister") && call.id().endsWith(ServiceId.SIDECAR_SUFFIX)) {
        agent.deregister(
            call.id().substring(0, call.id().length() - ServiceId.SIDECAR_SUFFIX.length()));
      }
      return call.on(agent);
    }
  },
  /** A sidecar is left to itself when its service goes. */
  SIDECAR_FORGOTTEN {
    @Override
    Object call(AgentApi agent, Call call) throws Throwable {
      boolean sidecar = call.is("deregister") && call.id().endsWith(ServiceId.SIDECAR_SUFFIX);
      return sidecar ? null : call.on(agent);
    }
  },
  /** A sidecar that stands alone is not seen. */
  ORPHANS_IGNORED {
    @Override
    Observed seen(Observed observed) {
      return with(observed, List.of(), observed.foreign());
    }
  },
  /** Something differs each time, so that it is written each time. */
  WRITES_AT_REST {
    @Override
    Observed seen(Observed observed) {
      return withRegistrations(observed, one -> one.withMarks(one.marks().withHash("other")));
    }
  },
  /** What comes out depends on where in the list a file stands. */
  ORDER_MATTERS {
    @Override
    public Snapshot snapshot(Snapshot snapshot) {
      List<Snapshot.File> files = new ArrayList<>();
      String before = "";
      for (Snapshot.File file : snapshot.files()) {
        String name = before.compareTo(file.source()) < 0 ? file.source() : files.size() + ".hcl";
        files.add(new Snapshot.File(name, file.jobs(), file.problems(), file.warnings()));
        before = file.source();
      }
      return new Snapshot(files, snapshot.complete(), snapshot.problems());
    }
  },
  /** What one item may not do ends the pass for all. */
  ONE_ENDS_ALL {
    @Override
    Object call(AgentApi agent, Call call) throws Throwable {
      try {
        return call.on(agent);
      } catch (AgentException e) {
        boolean one = call.is("register") && e.kind() == Kind.FORBIDDEN;
        throw one ? new AgentException(Kind.UNREACHABLE, e.getMessage(), null) : e;
      }
    }
  },
  /** What may not be removed ends the pass for all. */
  REMOVAL_ENDS_ALL {
    @Override
    Object call(AgentApi agent, Call call) throws Throwable {
      try {
        return call.on(agent);
      } catch (AgentException e) {
        boolean one = call.is("deregister") && e.kind() == Kind.FORBIDDEN;
        throw one ? new AgentException(Kind.UNREACHABLE, e.getMessage(), null) : e;
      }
    }
  },
  /** A write without an answer counts as done. */
  TIMEOUT_AS_DONE {
    @Override
    Plant ofOneLife() {
      Set<String> done = new HashSet<>();
      return new Spoilt() {
        @Override
        Object call(AgentApi agent, Call call) throws Throwable {
          if (call.is("register") && done.contains(call.id())) {
            return null;
          }
          try {
            return call.on(agent);
          } catch (AgentException e) {
            if (call.is("register") && e.kind() == Kind.TIMEOUT) {
              done.add(call.id());
              return null;
            }
            throw e;
          }
        }
      };
    }
  },
  /** A write leaves the upstreams of a sidecar out, and what was meant counts as what is there. */
  HALF_WRITTEN {
    @Override
    Plant ofOneLife() {
      Map<Registration, Registration> meant = new HashMap<>();
      return new Spoilt() {
        @Override
        Object call(AgentApi agent, Call call) throws Throwable {
          if (call.is("register")) {
            Registration whole = (Registration) call.arguments().get(0);
            Registration half = whole.with(whole.role(), whole.sidecar().map(Plants::half));
            meant.put(half.asHeld(), whole.asHeld());
            return call.with(half).on(agent);
          }
          Object answer = call.on(agent);
          return answer instanceof Observed observed
              ? withRegistrations(observed, one -> meant.getOrDefault(one, one))
              : answer;
        }
      };
    }
  },
  /** Nobody looks again: what was seen first is what is there. */
  FIRST_LOOK_KEPT {
    @Override
    Plant ofOneLife() {
      List<Observed> looks = new ArrayList<>();
      return new Spoilt() {
        @Override
        Object call(AgentApi agent, Call call) throws Throwable {
          if (call.is("observe") && looks.isEmpty()) {
            looks.add((Observed) call.on(agent));
          }
          return call.is("observe") ? looks.get(0) : call.on(agent);
        }
      };
    }
  },
  /** Whoever has just begun takes a list that is short for the whole. */
  FIRST_LIST_TRUSTED {
    @Override
    Object call(AgentApi agent, Call call) throws Throwable {
      return call.is("listsAll") ? true : super.call(agent, call);
    }
  },
  /** Nobody looks which writer has written what. */
  EPOCH_IGNORED {
    @Override
    Observed seen(Observed observed) {
      return observed.withWritten(List.of());
    }
  },
  /** What newer writers wrote is seen at each look, and not looked at again before a write. */
  EPOCH_NOT_LOOKED_AT_AGAIN {
    @Override
    public Supplier<Duration> fenceTime(Supplier<Duration> now) {
      return () -> Duration.ZERO;
    }
  },
  /** Nobody asks whether the lock is somebody else's by now. */
  LOCK_NOT_LOOKED_AT_AGAIN {
    @Override
    public boolean isLost(boolean lost) {
      return false;
    }
  },
  /** A refusal tells the token. */
  TOKEN_TOLD {
    @Override
    Object call(AgentApi agent, Call call) throws Throwable {
      try {
        return call.on(agent);
      } catch (AgentException e) {
        boolean told = e.kind() == Kind.FORBIDDEN;
        throw told ? new AgentException(e.kind(), e.getMessage() + " wrong-secret", null) : e;
      }
    }
  };

  /** A call of the reconciler's. */
  record Call(Method method, List<Object> arguments) {
    boolean is(String name) {
      return method.getName().equals(name);
    }

    String id() {
      return arguments.get(0) instanceof Registration wanted
          ? wanted.id().value()
          : String.valueOf(arguments.get(0));
    }

    /** Returns the same with something else in the first place. */
    Call with(Object first) {
      List<Object> others = new ArrayList<>(arguments);
      others.set(0, first);
      return new Call(method, others);
    }

    Object on(AgentApi agent) throws Throwable {
      try {
        return method.invoke(agent, arguments.toArray());
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }
  }

  /** Something between the reconciler and the agent that does not what it should. */
  abstract static class Spoilt implements Plant {
    abstract Object call(AgentApi agent, Call call) throws Throwable;

    @Override
    public AgentApi agent(AgentApi agent, Tokens tokens) {
      return of(agent);
    }

    AgentApi of(AgentApi agent) {
      return (AgentApi)
          Proxy.newProxyInstance(
              AgentApi.class.getClassLoader(),
              new Class<?>[] {AgentApi.class},
              (proxy, method, arguments) ->
                  call(
                      agent,
                      new Call(method, arguments == null ? List.of() : Arrays.asList(arguments))));
    }
  }

  Object call(AgentApi agent, Call call) throws Throwable {
    Object answer = call.on(agent);
    return answer instanceof Observed observed ? seen(observed) : answer;
  }

  Observed seen(Observed observed) {
    return observed;
  }

  Plant ofOneLife() {
    return new Spoilt() {
      @Override
      Object call(AgentApi agent, Call call) throws Throwable {
        return Plants.this.call(agent, call);
      }
    };
  }

  @Override
  public AgentApi agent(AgentApi agent, Tokens tokens) {
    return ofOneLife().agent(agent, tokens);
  }

  private static Sidecar half(Sidecar whole) {
    Registration.Proxy said = whole.proxy();
    return new Sidecar(
        whole.tags(),
        whole.address(),
        whole.port(),
        whole.meta(),
        whole.marks(),
        new Registration.Proxy(
            said.localServiceAddress(),
            said.localServicePort(),
            said.config(),
            said.mode(),
            said.expose(),
            List.of()),
        whole.checks());
  }

  private static Marks ofOwner(Marks marks, String owner) {
    return new Marks(owner, marks.group(), marks.source(), marks.hash(), marks.ports());
  }

  private static Observed with(Observed observed, List<Orphan> orphans, List<Foreign> foreign) {
    return new Observed(
        observed.registrations(),
        orphans,
        foreign,
        observed.entries(),
        observed.filtered(),
        observed.written());
  }

  private static Observed withRegistrations(
      Observed observed, UnaryOperator<Registration> changed) {
    return new Observed(
        observed.registrations().stream().map(changed).toList(),
        observed.orphans(),
        observed.foreign(),
        observed.entries(),
        observed.filtered(),
        observed.written());
  }
}
