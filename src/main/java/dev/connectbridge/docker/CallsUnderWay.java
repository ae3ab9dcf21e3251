package dev.connectbridge.docker;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.Call;
import okhttp3.EventListener;

/** The calls whose answers are still being read; OkHttp's own list forgets them at their head. */
final class CallsUnderWay extends EventListener {
  private final Set<Call> calls = ConcurrentHashMap.newKeySet();

  void cancel() {
    calls.forEach(Call::cancel);
  }

  @Override
  public void callStart(Call call) {
    calls.add(call);
  }

  @Override
  public void callEnd(Call call) {
    calls.remove(call);
  }

  @Override
  public void callFailed(Call call, IOException e) {
    calls.remove(call);
  }
}
