package dev.connectbridge.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.plan.Change.FieldChange;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.Registration.ExposedPath;
import dev.connectbridge.resolve.Registration.Proxy;
import dev.connectbridge.resolve.Registration.Sidecar;
import dev.connectbridge.resolve.Registration.Upstream;
import dev.connectbridge.spec.Value;
import dev.connectbridge.testing.Specs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Settings that the cluster lays over proxies. */
class OverlayTest {
  private static final Registration WANTED =
      Specs.registration(
          Specs.job(
              """
              name = "web"
              port = "http"
              connect {
                sidecar_service {
                  proxy {
                    config { own = "mine" }
                    upstreams {
                      destination_name = "cart"
                      local_bind_port = 8080
                      config { own = "mine" }
                    }
                  }
                }
              }
              """));

  private static SortedMap<String, Value> with(SortedMap<String, Value> own, String value) {
    SortedMap<String, Value> laid = new TreeMap<>(own);
    laid.putAll(Map.of("protocol", new Value.Text("http"), "own", new Value.Text(value)));
    return laid;
  }

  /** Returns it as an agent shows it that lays settings of the cluster over it. */
  private static Registration laidOver(Registration wanted, String own) {
    Registration held = wanted.asHeld();
    Sidecar sidecar = held.sidecar().orElseThrow();
    Proxy proxy = sidecar.proxy();
    Upstream one = proxy.upstreams().get(0);
    Upstream laid =
        new Upstream(
            one.destinationName(),
            one.destinationNamespace(),
            one.destinationPartition(),
            one.destinationPeer(),
            one.destinationType(),
            one.datacenter(),
            one.localBindAddress(),
            one.localBindPort(),
            one.localBindSocketPath(),
            one.localBindSocketMode(),
            "local",
            with(one.config(), own));
    Proxy over =
        new Proxy(
            proxy.localServiceAddress(),
            proxy.localServicePort(),
            with(proxy.config(), own),
            "transparent",
            List.of(new ExposedPath("/metrics", "http", 9102, 20200)),
            List.of(laid));
    return held.with(
        held.role(),
        Optional.of(
            new Sidecar(
                sidecar.tags(),
                sidecar.address(),
                sidecar.port(),
                sidecar.meta(),
                sidecar.marks(),
                over,
                sidecar.checks())));
  }

  @Test
  void whatIsLaidOverIsNoDifference() {
    assertThat(Change.between(WANTED, Optional.of(laidOver(WANTED, "mine")))).isEmpty();
  }

  @Test
  void whatTheSpecSaysItselfIsComparedAndAlone() {
    Change change = Change.between(WANTED, Optional.of(laidOver(WANTED, "theirs"))).orElseThrow();

    assertThat(change.fields())
        .extracting(FieldChange::path)
        .containsExactly("sidecar.proxy.config.own", "sidecar.proxy.upstreams[0].config.own");
  }

  @Test
  void whatAnotherSpecHasWrittenMayBeLeftOver() {
    Registration before = WANTED.withMarks(WANTED.marks().withHash("before"));

    assertThat(Change.between(WANTED, Optional.of(laidOver(before, "mine"))).orElseThrow().fields())
        .extracting(FieldChange::path)
        .contains("(hash)", "sidecar.proxy.config.protocol");
  }

  @Test
  void whatIsLaidOverInsideASettingOrOverOneThatSaysNothingIsNoDifference() {
    Registration wanted =
        Specs.registration(
            Specs.job(
                """
                name = "web"
                port = "http"
                connect {
                  sidecar_service {
                    proxy {
                      config {
                        off   = false
                        none  = 0
                        text  = ""
                        items = []
                        inner = { mine = 1 }
                      }
                    }
                  }
                }
                """));
    Registration held = wanted.asHeld();
    Sidecar sidecar = held.sidecar().orElseThrow();
    Proxy proxy = sidecar.proxy();
    SortedMap<String, Value> laid = new TreeMap<>(proxy.config());
    Value.Num two = Value.Num.of(2);
    laid.put("off", new Value.Bool(true));
    laid.put("none", two);
    laid.put("text", new Value.Text("theirs"));
    laid.put("items", new Value.Items(List.of(two)));
    laid.put("inner", new Value.Entries(Map.of("mine", Value.Num.of(1), "theirs", two)));

    assertThat(Change.between(wanted, Optional.of(with(held, laid)))).isEmpty();

    laid.put("inner", new Value.Entries(Map.of("mine", two)));
    assertThat(Change.between(wanted, Optional.of(with(held, laid)))).isPresent();
  }

  private static Registration with(Registration held, SortedMap<String, Value> config) {
    Sidecar sidecar = held.sidecar().orElseThrow();
    Proxy proxy = sidecar.proxy();
    return held.with(
        held.role(),
        Optional.of(
            new Sidecar(
                sidecar.tags(),
                sidecar.address(),
                sidecar.port(),
                sidecar.meta(),
                sidecar.marks(),
                new Proxy(
                    proxy.localServiceAddress(),
                    proxy.localServicePort(),
                    config,
                    proxy.mode(),
                    proxy.expose(),
                    proxy.upstreams()),
                sidecar.checks())));
  }
}
