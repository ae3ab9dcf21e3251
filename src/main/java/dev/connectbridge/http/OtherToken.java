package dev.connectbridge.http;

/**
 * A token in place of ours, for the one request that it is a tag of.
 *
 * @param secret the token
 */
public record OtherToken(String secret) {

  /** Returns no part of the token. */
  @Override
  public String toString() {
    return "OtherToken[hidden]";
  }
}
