package dev.connectbridge.planted.reconcile;

import dev.connectbridge.Breaks;
import org.apache.http.HttpVersion;

/** Knows the types that the adapter is there to hide. */
@Breaks("APACHE")
final class GoesFarAround {

  String version() {
    return HttpVersion.HTTP_1_1.toString();
  }
}
