import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import java.io.File;
import java.util.Map;

/**
 * Reads the Strimzi resources of a manifest with the operator's own model, which its schemas are made from; it refuses what
 * the model lacks, and values of another type. Argument: the file. Ends with 1 where one is wrong, or none is there.
 */
public final class StrimziManifests {
  private static final Map<String, Class<?>> KINDS =
      Map.of("Kafka", Kafka.class, "KafkaNodePool", KafkaNodePool.class, "KafkaTopic", KafkaTopic.class);

  /** The model keeps unknown properties, for later versions' sake; here they are mistakes. */
  private static final class NothingUnknown extends JacksonAnnotationIntrospector {
    @Override
    public Boolean hasAnySetter(Annotated annotated) {
      return false;
    }
  }

  public static void main(String[] args) throws Exception {
    ObjectMapper mapper = new ObjectMapper(new YAMLFactory());
    mapper.setAnnotationIntrospector(new NothingUnknown());
    int valid = 0;
    int invalid = 0;
    try (var documents = mapper.readerFor(JsonNode.class).<JsonNode>readValues(new File(args[0]))) {
      while (documents.hasNext()) {
        JsonNode document = documents.next();
        if (!document.path("apiVersion").asText().startsWith("kafka.strimzi.io/")) continue;
        String kind = document.path("kind").asText();
        try {
          JsonNode read = mapper.valueToTree(mapper.treeToValue(document, KINDS.get(kind)));
          requireAll(document.get("spec"), read.get("spec"), "spec");
          valid += 1;
        } catch (JsonProcessingException | IllegalArgumentException wrong) {
          System.out.println(kind + " " + document.at("/metadata/name").asText() + ": " + wrong.getMessage());
          invalid += 1;
        }
      }
    }
    System.out.println("Strimzi: " + valid + " valid, " + invalid + " invalid");
    System.exit(invalid > 0 || valid == 0 ? 1 : 0);
  }

  /** What the model leaves out is a word that it doesn't know where it offers a choice. */
  private static void requireAll(JsonNode written, JsonNode read, String path) {
    // Defaults are left out as well; none of them is a text.
    if (written.isBoolean() || written.isNumber()) return;
    if (read == null || read.isNull()) throw new IllegalArgumentException(path + " is nothing that is known");
    for (var field : written.properties()) {
      requireAll(field.getValue(), read.get(field.getKey()), path + "." + field.getKey());
    }
    for (int i = 0; written.isArray() && i < written.size(); i += 1) {
      requireAll(written.get(i), read.get(i), path + "[" + i + "]");
    }
  }
}
