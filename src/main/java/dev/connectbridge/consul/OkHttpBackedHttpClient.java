package dev.connectbridge.consul;

import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.apache.http.Header;
import org.apache.http.HttpEntityEnclosingRequest;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.HttpVersion;
import org.apache.http.StatusLine;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.entity.ByteArrayEntity;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.message.BasicHttpResponse;
import org.apache.http.message.BasicStatusLine;
import org.apache.http.protocol.HttpContext;
import org.apache.http.util.EntityUtils;

/** Lets consul-api's typed calls travel through the application's one OkHttpClient. */
final class OkHttpBackedHttpClient extends CloseableHttpClient {
  private static final MediaType JSON = MediaType.get("application/json");

  private final OkHttpClient client;

  OkHttpBackedHttpClient(OkHttpClient client) {
    this.client = client;
  }

  @Override
  protected CloseableHttpResponse doExecute(
      HttpHost target, HttpRequest request, HttpContext context) throws IOException {
    try (Response answer = client.newCall(translated(request)).execute()) {
      var response =
          new Answer(new BasicStatusLine(HttpVersion.HTTP_1_1, answer.code(), answer.message()));
      answer.headers().forEach(header -> response.addHeader(header.getFirst(), header.getSecond()));
      response.setEntity(new ByteArrayEntity(answer.body().bytes()));
      return response;
    }
  }

  private static Request translated(HttpRequest request) throws IOException {
    var builder = new Request.Builder().url(((HttpUriRequest) request).getURI().toString());
    for (Header header : request.getAllHeaders()) {
      if (header.getValue() != null) {
        builder.addHeader(header.getName(), header.getValue());
      }
    }
    return builder.method(request.getRequestLine().getMethod(), body(request)).build();
  }

  private static RequestBody body(HttpRequest request) throws IOException {
    if (!(request instanceof HttpEntityEnclosingRequest enclosing)) {
      return null;
    }
    boolean empty = enclosing.getEntity() == null; // OkHttp refuses a PUT without a body
    return RequestBody.create(
        empty ? new byte[0] : EntityUtils.toByteArray(enclosing.getEntity()), JSON);
  }

  private static final class Answer extends BasicHttpResponse implements CloseableHttpResponse {
    Answer(StatusLine line) {
      super(line);
    }

    @Override
    public void close() {}
  }

  @Override
  public void close() {}

  @Override
  @Deprecated
  public org.apache.http.params.HttpParams getParams() {
    throw new IllegalStateException("OkHttp has no Apache parameters");
  }

  @Override
  @Deprecated
  public org.apache.http.conn.ClientConnectionManager getConnectionManager() {
    throw new IllegalStateException("OkHttp manages the connections");
  }
}
