package dev.darkroom.e2e.apiserver.verbs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.e2e.apiserver.model.Json;
import java.util.List;

/** Access reviews of the caller: every request is allowed. */
final class Reviews {
  private Reviews() {}

  static ObjectNode answer(ObjectNode review) {
    ObjectNode status = Json.child(review, "status");
    if (review.path("kind").asText().equals("SelfSubjectAccessReview")) {
      status.put("allowed", true);
      return review;
    }
    List<String> everything = List.of("*");
    ObjectNode rule = status.putArray("resourceRules").addObject();
    rule.set("verbs", Json.strings(everything));
    rule.set("apiGroups", Json.strings(everything));
    rule.set("resources", Json.strings(everything));
    ObjectNode paths = status.putArray("nonResourceRules").addObject();
    paths.set("verbs", Json.strings(everything));
    paths.set("nonResourceURLs", Json.strings(everything));
    status.put("incomplete", false);
    return review;
  }
}
