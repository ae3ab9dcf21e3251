package dev.connectbridge.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever a group, a service or a port is called, Consul can address what comes of it. */
class ServiceIdPropertyTest {

  @Property(tries = 1000)
  void everyIdThatIsMadeCanBeAddressed(
      @ForAll String allocation,
      @ForAll String group,
      @ForAll String service,
      @ForAll String label) {
    String id = ServiceId.of(allocation, group, service, label).value();

    assertThat(id).matches("_connect-bridge-[A-Za-z0-9._-]+").isNotIn("consul", ".", "..");
    assertThat(ServiceId.looksOurs(id)).isTrue();
  }

  @Property(tries = 1000)
  void noOtherIdCanBeMade(@ForAll String text) {
    String id = ServiceId.PREFIX + text;
    if (!id.matches("[A-Za-z0-9._-]+")) {
      assertThatThrownBy(() -> new ServiceId(id)).isInstanceOf(IllegalArgumentException.class);
      assertThat(ServiceId.looksOurs(id)).isFalse();
    }
    if (!text.startsWith(ServiceId.PREFIX)) {
      assertThatThrownBy(() -> new ServiceId(text)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
