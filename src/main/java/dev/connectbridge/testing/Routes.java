package dev.connectbridge.testing;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which question is whose to answer. */
final class Routes {

  /** Answers a question, given what its path ends with; empty while its asker is to wait. */
  @FunctionalInterface
  private interface Handler {
    Optional<Answered> answer(Question asked, String rest, Instant since);
  }

  @FunctionalInterface
  private interface Plain {
    Answered answer(Question asked, String rest);
  }

  private record Route(Map<String, Handler> byMethod) {}

  private final Insides in;
  private final Map<String, Route> exact = new HashMap<>();
  private final Map<String, Route> below = new TreeMap<>();

  Routes(Insides in) {
    this.in = in;
    plain(
        "PUT",
        "/v1/agent/reload",
        (asked, rest) -> {
          in.reload();
          return Answered.done();
        });
    agent(new AgentPart(in));
    checks(new CheckPart(in));
    catalog(new CatalogPart(in));
    acl(new AclPart(in));
    locks(new LockPart(in));
    plain(
        "GET",
        "/v1/status/leader",
        (asked, rest) -> {
          if (in.isLeaderless()) {
            return Answered.json("\"\"");
          }
          in.reached();
          return Answered.json("\"127.0.0.1:8300\"");
        });
    ConnectPart connect = new ConnectPart(in);
    plain("GET", "/v1/agent/connect/ca/roots", (asked, rest) -> connect.roots());
    plain("GET", "/v1/agent/connect/ca/leaf/", connect::leaf);
  }

  private void agent(AgentPart agent) {
    plain("GET", "/v1/agent/self", (asked, rest) -> agent.self(asked));
    plain("GET", "/v1/agent/services", (asked, rest) -> agent.services(asked));
    plain("GET", "/v1/agent/checks", (asked, rest) -> agent.checks(asked));
    waiting("/v1/agent/service/", agent::service);
    plain("GET", "/v1/agent/health/service/id/", agent::health);
    plain("PUT", "/v1/agent/service/register", (asked, rest) -> agent.register(asked));
    plain("PUT", "/v1/agent/service/deregister/", agent::deregister);
    plain("PUT", "/v1/agent/service/maintenance/", agent::maintenance);
  }

  private void checks(CheckPart checks) {
    plain("PUT", "/v1/agent/check/register", (asked, rest) -> checks.register(asked));
    plain("PUT", "/v1/agent/check/deregister/", checks::deregister);
    plain("PUT", "/v1/agent/check/update/", checks::update);
    for (String how : new String[] {"pass", "warn", "fail"}) {
      plain("PUT", "/v1/agent/check/" + how + "/", (asked, rest) -> checks.says(asked, how, rest));
    }
  }

  private void catalog(CatalogPart catalog) {
    waiting("/v1/catalog/node-services/", catalog::nodeServices);
    waiting("/v1/catalog/services", (asked, rest, since) -> catalog.services(asked, since));
    waiting("/v1/catalog/service/", (a, rest, since) -> catalog.service(a, rest, false, since));
    waiting("/v1/catalog/connect/", (a, rest, since) -> catalog.service(a, rest, true, since));
    waiting("/v1/health/service/", (a, rest, since) -> catalog.health(a, rest, false, since));
    waiting("/v1/health/connect/", (a, rest, since) -> catalog.health(a, rest, true, since));
    plain("PUT", "/v1/catalog/register", (asked, rest) -> catalog.register(asked));
    plain("PUT", "/v1/catalog/deregister", (asked, rest) -> catalog.deregister(asked));
  }

  private void acl(AclPart acl) {
    plain("POST", "/v1/internal/acl/authorize", (asked, rest) -> acl.authorize(asked));
    plain("PUT", "/v1/acl/policy", (asked, rest) -> acl.policy(asked));
    plain("PUT", "/v1/acl/token", (asked, rest) -> acl.token(asked));
    plain("DELETE", "/v1/acl/token/", acl::revoke);
    plain("PUT", "/v1/acl/bootstrap", (asked, rest) -> acl.bootstrap());
    plain("GET", "/v1/connect/intentions/check", (asked, rest) -> acl.intention(asked));
    plain("GET", "/v1/config/", acl::entry);
    plain("PUT", "/v1/config", (asked, rest) -> acl.write(asked));
  }

  private void locks(LockPart locks) {
    plain("PUT", "/v1/session/create", (asked, rest) -> locks.create(asked));
    plain("GET", "/v1/session/info/", locks::info);
    plain("PUT", "/v1/session/destroy/", locks::destroy);
    waiting("/v1/kv/", locks::read);
    plain("PUT", "/v1/kv/", locks::write);
    plain("DELETE", "/v1/kv/", locks::delete);
  }

  private void plain(String method, String path, Plain handler) {
    put(method, path, (asked, rest, since) -> Optional.of(handler.answer(asked, rest)));
  }

  private void waiting(String path, Handler handler) {
    put("GET", path, handler);
  }

  private void put(String method, String path, Handler handler) {
    (path.endsWith("/") ? below : exact)
        .computeIfAbsent(path, any -> new Route(new HashMap<>()))
        .byMethod
        .put(method, handler);
  }

  /** Answers, or is empty while the asker is to wait for something to change. */
  Optional<Answered> answer(Asked asked, Instant since) {
    Question question = Question.of(asked);
    String path = question.path();
    if (path.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      return Optional.of(Answered.empty(400));
    }
    String clean = Query.clean(path);
    if (!clean.equals(path)) {
      return Optional.of(Answered.empty(301).with("Location", clean));
    }
    Route route = exact.get(path);
    String rest = "";
    if (route == null) {
      for (Map.Entry<String, Route> candidate : below.entrySet()) {
        if (path.startsWith(candidate.getKey())) {
          route = candidate.getValue();
          rest = path.substring(candidate.getKey().length());
        }
      }
    }
    if (route == null) {
      return Optional.of(Answered.empty(404));
    }
    Handler handler = route.byMethod.get(asked.method());
    return handler == null
        ? Optional.of(Answered.text(405, "method " + asked.method() + " not allowed"))
        : handler.answer(question, rest, since).map(answer -> late(question, asked, answer));
  }

  private Answered late(Question question, Asked asked, Answered answer) {
    boolean ofTheAgent = question.path().startsWith("/v1/agent/") && !asked.isWrite();
    return ofTheAgent ? in.behind(answer) : answer;
  }
}
