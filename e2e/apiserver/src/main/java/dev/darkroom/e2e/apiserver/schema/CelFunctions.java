package dev.darkroom.e2e.apiserver.schema;

import com.google.common.net.InetAddresses;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.cel.bundle.CelBuilder;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeParamType;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelFunctionOverload.Binary;
import dev.cel.runtime.CelFunctionOverload.Unary;
import java.math.BigDecimal;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The functions that Kubernetes adds to CEL (Kubernetes, "Common Expression Language in
 * Kubernetes"): URLs, quantities, regular expression finds, list order, IP addresses. CIDR, semver
 * and named formats are not supported; a CRD with a rule that calls them is refused.
 */
final class CelFunctions {
  private static final CelType URL = OpaqueType.create("kubernetes.URL");
  private static final CelType QUANTITY = OpaqueType.create("kubernetes.Quantity");
  private static final TypeParamType ELEMENT = TypeParamType.create("T");
  private static final CelType LIST = ListType.create(ELEMENT);
  private static final CelType STRINGS = ListType.create(SimpleType.STRING);

  private final Map<String, List<CelOverloadDecl>> declarations = new LinkedHashMap<>();
  private final List<CelFunctionBinding> bindings = new ArrayList<>();

  private CelFunctions() {
    urls();
    quantities();
    strings();
    lists();
  }

  /** Declares and binds all functions. */
  static void addTo(CelBuilder cel) {
    CelFunctions functions = new CelFunctions();
    functions.declarations.forEach(
        (name, overloads) ->
            cel.addFunctionDeclarations(CelFunctionDecl.newFunctionDeclaration(name, overloads)));
    cel.addFunctionBindings(functions.bindings);
  }

  private void urls() {
    global("isURL", SimpleType.BOOL, String.class, text -> Formats.uri(text).isPresent());
    global("url", URL, String.class, text -> parsed(Formats.uri(text), text, "URL"));
    urlPart("getScheme", uri -> orEmpty(uri.getScheme()).toLowerCase(Locale.ROOT));
    urlPart("getHostname", CelFunctions::hostname);
    urlPart("getHost", uri -> orEmpty(uri.getRawAuthority()).replaceFirst("^.*@", ""));
    urlPart("getPort", uri -> uri.getPort() < 0 ? "" : String.valueOf(uri.getPort()));
    urlPart("getEscapedPath", uri -> orEmpty(uri.getRawPath()));
  }

  private void quantities() {
    global("isQuantity", SimpleType.BOOL, String.class, text -> Quantity.parse(text).isPresent());
    global("quantity", QUANTITY, String.class, t -> parsed(Quantity.parse(t), t, "quantity"));
    pair("isGreaterThan", SimpleType.BOOL, (a, b) -> a.compareTo(b) > 0);
    pair("isLessThan", SimpleType.BOOL, (a, b) -> a.compareTo(b) < 0);
    pair("compareTo", SimpleType.INT, (a, b) -> (long) a.compareTo(b));
    pair("add", QUANTITY, (a, b) -> Quantity.of(a.amount().add(b.amount())));
    pair("sub", QUANTITY, (a, b) -> Quantity.of(a.amount().subtract(b.amount())));
    member("sign", SimpleType.INT, QUANTITY, Quantity.class, q -> (long) q.amount().signum());
    member("isInteger", SimpleType.BOOL, QUANTITY, Quantity.class, Quantity::isWhole);
    member("asInteger", SimpleType.INT, QUANTITY, Quantity.class, q -> q.amount().longValueExact());
    member(
        "asApproximateFloat",
        SimpleType.DOUBLE,
        QUANTITY,
        Quantity.class,
        quantity -> quantity.amount().doubleValue());
  }

  private void strings() {
    global("isIP", SimpleType.BOOL, String.class, InetAddresses::isInetAddress);
    declare(
        "find",
        CelOverloadDecl.newMemberOverload(
            "string_find", SimpleType.STRING, SimpleType.STRING, SimpleType.STRING));
    bindings.add(
        CelFunctionBinding.from(
            "string_find",
            String.class,
            String.class,
            (text, regex) -> {
              Matcher matcher = Pattern.compile(regex).matcher(text);
              return matcher.find() ? matcher.group() : "";
            }));
    declare(
        "findAll",
        CelOverloadDecl.newMemberOverload(
            "string_findAll", STRINGS, SimpleType.STRING, SimpleType.STRING));
    bindings.add(
        CelFunctionBinding.from(
            "string_findAll",
            String.class,
            String.class,
            (text, regex) -> {
              List<String> found = new ArrayList<>();
              Matcher matcher = Pattern.compile(regex).matcher(text);
              while (matcher.find()) {
                found.add(matcher.group());
              }
              return found;
            }));
  }

  private void lists() {
    member("isSorted", SimpleType.BOOL, LIST, List.class, CelFunctions::isSorted);
    member("sum", ELEMENT, LIST, List.class, CelFunctions::sum);
    indexOf("indexOf", (list, element) -> (long) list.indexOf(element));
    indexOf("lastIndexOf", (list, element) -> (long) list.lastIndexOf(element));
  }

  private <T> void global(String name, CelType result, Class<T> type, Unary<T> body) {
    String id = "kubernetes_" + name;
    declare(name, CelOverloadDecl.newGlobalOverload(id, result, SimpleType.STRING));
    bind(id, type, body);
  }

  /**
   * The host of a URI. Java returns no host when the name contains an underscore; the authority of
   * the URI still contains the name.
   */
  private static String hostname(URI uri) {
    if (uri.getHost() != null) {
      return uri.getHost().replaceAll("[\\[\\]]", "");
    }
    return orEmpty(uri.getAuthority()).replaceFirst("^.*@", "").replaceFirst(":[0-9]*$", "");
  }

  private void urlPart(String name, Unary<URI> part) {
    member(name, SimpleType.STRING, URL, URI.class, part);
  }

  private <T> void member(
      String name, CelType result, CelType owner, Class<T> type, Unary<T> body) {
    String id = "kubernetes_" + name;
    declare(name, CelOverloadDecl.newMemberOverload(id, result, owner));
    bind(id, type, body);
  }

  private <T> void bind(String id, Class<T> type, Unary<T> body) {
    bindings.add(CelFunctionBinding.from(id, type, body));
  }

  private void pair(String name, CelType result, Binary<Quantity, Quantity> body) {
    String id = "quantity_" + name;
    declare(name, CelOverloadDecl.newMemberOverload(id, result, QUANTITY, QUANTITY));
    bindings.add(CelFunctionBinding.from(id, Quantity.class, Quantity.class, body));
  }

  @SuppressWarnings("rawtypes") // bindings need a class, and a class has no type argument
  private void indexOf(String name, Binary<List, Object> body) {
    String id = "list_" + name;
    declare(name, CelOverloadDecl.newMemberOverload(id, SimpleType.INT, LIST, ELEMENT));
    bindings.add(CelFunctionBinding.from(id, List.class, Object.class, body));
  }

  private void declare(String name, CelOverloadDecl overload) {
    declarations.computeIfAbsent(name, unused -> new ArrayList<>()).add(overload);
  }

  private static <T> T parsed(Optional<T> value, String text, String what) {
    return value.orElseThrow(() -> new IllegalArgumentException("not a " + what + ": " + text));
  }

  private static String orEmpty(String part) {
    return part == null ? "" : part;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // CEL has checked that the elements are comparable
  private static Object isSorted(List<?> list) {
    for (int i = 1; i < list.size(); i++) {
      if (((Comparable) list.get(i - 1)).compareTo(list.get(i)) > 0) {
        return false;
      }
    }
    return true;
  }

  private static Object sum(List<?> list) {
    BigDecimal sum = BigDecimal.ZERO;
    for (Object each : list) {
      sum = sum.add(new BigDecimal(each.toString()));
    }
    return list.stream().anyMatch(Double.class::isInstance)
        ? (Object) sum.doubleValue()
        : (Object) sum.longValueExact();
  }
}
