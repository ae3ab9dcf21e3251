package dev.connectbridge.hcl;

import dev.connectbridge.hcl.Functions.Table;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Comparator;

/** The functions of numbers. */
final class NumberFunctions {
  private NumberFunctions() {}

  static void add(Table table) {
    table
        .add("abs", 1, call -> call.answer(call.number(0).abs()))
        .add("ceil", 1, call -> call.answer(call.number(0).setScale(0, RoundingMode.CEILING)))
        .add("floor", 1, call -> call.answer(call.number(0).setScale(0, RoundingMode.FLOOR)))
        .add("signum", 1, call -> call.answer(BigDecimal.valueOf(call.number(0).signum())))
        .add("max", 1, Functions.ANY_NUMBER, call -> most(call, Comparator.naturalOrder()))
        .add("min", 1, Functions.ANY_NUMBER, call -> most(call, Comparator.reverseOrder()))
        .add("log", 2, NumberFunctions::log)
        .add("pow", 2, NumberFunctions::pow)
        .add("parseint", 2, NumberFunctions::parsed);
  }

  private static Node most(Arguments call, Comparator<BigDecimal> order) {
    BigDecimal most = call.number(0);
    for (int at = 1; at < call.size(); at++) {
      BigDecimal next = call.number(at);
      most = order.compare(next, most) > 0 ? next : most;
    }
    return call.answer(most);
  }

  private static Node log(Arguments call) {
    return near(
        call, Math.log(call.number(0).doubleValue()) / Math.log(call.number(1).doubleValue()));
  }

  private static Node pow(Arguments call) {
    return near(call, Math.pow(call.number(0).doubleValue(), call.number(1).doubleValue()));
  }

  private static Node near(Arguments call, double found) {
    if (!Double.isFinite(found)) {
      throw call.fault("there is no such number");
    }
    // whole numbers are what they are, not what their shortest spelling as a double says
    boolean whole = found == Math.rint(found);
    return call.answer(whole ? new BigDecimal(found) : BigDecimal.valueOf(found));
  }

  private static Node parsed(Arguments call) {
    String text = call.text(0);
    int base = call.whole(1, 2, 62);
    boolean signed = text.startsWith("-") || text.startsWith("+");
    BigInteger number = BigInteger.ZERO;
    String digits = signed ? text.substring(1) : text;
    if (digits.isEmpty() || digits.length() > 400) {
      throw unreadable(call, text, base);
    }
    for (int at = 0; at < digits.length(); at++) {
      int digit = digit(digits.charAt(at), base);
      if (digit < 0 || digit >= base) {
        throw unreadable(call, text, base);
      }
      number = number.multiply(BigInteger.valueOf(base)).add(BigInteger.valueOf(digit));
    }
    return call.answer(new BigDecimal(text.startsWith("-") ? number.negate() : number));
  }

  private static Fault unreadable(Arguments call, String text, int base) {
    return call.fault(
        0,
        "expected a whole number of base %d, found \"%s\"".formatted(base, Found.shortened(text)));
  }

  /** Small and capital letters are one digit, until there are more digits than letters. */
  private static int digit(char written, int base) {
    if (written >= '0' && written <= '9') {
      return written - '0';
    }
    if (written >= 'a' && written <= 'z') {
      return written - 'a' + 10;
    }
    if (written >= 'A' && written <= 'Z') {
      return written - 'A' + (base > 36 ? 36 : 10);
    }
    return -1;
  }
}
