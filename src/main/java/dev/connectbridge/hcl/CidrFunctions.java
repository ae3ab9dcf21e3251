package dev.connectbridge.hcl;

import dev.connectbridge.hcl.Functions.Table;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** The functions of networks such as {@code 10.0.0.0/8}. */
final class CidrFunctions {
  private CidrFunctions() {}

  static void add(Table table) {
    table
        .add("cidrhost", 2, CidrFunctions::host)
        .add("cidrnetmask", 1, CidrFunctions::mask)
        .add("cidrsubnet", 3, CidrFunctions::subnet)
        .add("cidrsubnets", 2, Functions.ANY_NUMBER, CidrFunctions::subnets);
  }

  private static Network network(Arguments call) {
    return Network.read(call.text(0))
        .orElseThrow(
            () ->
                call.fault(
                    0,
                    "expected a network such as 10.0.0.0/8, found \"%s\""
                        .formatted(Found.shortened(call.text(0)))));
  }

  private static Node host(Arguments call) {
    Network network = network(call);
    BigInteger hosts = BigInteger.ONE.shiftLeft(network.free());
    BigInteger number = call.whole(1);
    BigInteger wanted = number.signum() < 0 ? hosts.add(number) : number;
    if (wanted.signum() < 0 || wanted.compareTo(hosts) >= 0) {
      throw call.fault(1, "a network of /%d has no such host".formatted(network.prefix()));
    }
    return call.answer(network.written(network.address().add(wanted)));
  }

  private static Node mask(Arguments call) {
    Network network = network(call);
    if (network.bits() != 32) {
      throw call.fault(0, "IPv6 knows no netmasks");
    }
    BigInteger ones = BigInteger.ONE.shiftLeft(32).subtract(BigInteger.ONE);
    BigInteger free = BigInteger.ONE.shiftLeft(network.free()).subtract(BigInteger.ONE);
    return call.answer(network.written(ones.subtract(free)));
  }

  private static Node subnet(Arguments call) {
    Network network = network(call);
    int more = call.whole(1, 0, network.free());
    BigInteger number = call.whole(2);
    if (number.signum() < 0 || number.bitLength() > more) {
      throw call.fault(2, "%d more bits have no such number".formatted(more));
    }
    return call.answer(network.part(more, number).toString());
  }

  private static Node subnets(Arguments call) {
    Network network = network(call);
    List<String> parts = new ArrayList<>();
    BigInteger next = network.address();
    BigInteger end = next.add(BigInteger.ONE.shiftLeft(network.free()));
    for (int at = 1; at < call.size(); at++) {
      int more = call.whole(at, 1, network.free());
      BigInteger size = BigInteger.ONE.shiftLeft(network.free() - more);
      BigInteger start = next.add(size).subtract(BigInteger.ONE).divide(size).multiply(size);
      if (start.add(size).compareTo(end) > 0) {
        throw call.fault(at, "there is no room left for a network of this size");
      }
      parts.add(new Network(start, network.prefix() + more, network.bits()).toString());
      next = start.add(size);
    }
    return call.texts(parts);
  }
}
