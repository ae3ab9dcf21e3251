package dev.connectbridge.planted.reconcile;

import com.ecwid.consul.v1.QueryParams;
import dev.connectbridge.Breaks;

/** Goes to Consul around the room that is for it. */
@Breaks("CONSUL_API")
final class GoesAround {

  QueryParams params() {
    return QueryParams.DEFAULT;
  }
}
