package dev.connectbridge.planted.source;

import dev.connectbridge.Breaks;
import okhttp3.OkHttpClient;
import okio.ByteString;

/** Has a transport of its own. */
@Breaks({"OKHTTP", "OKIO"})
final class TalksHttp {

  OkHttpClient client() {
    return new OkHttpClient();
  }

  ByteString bytes() {
    return ByteString.EMPTY;
  }
}
