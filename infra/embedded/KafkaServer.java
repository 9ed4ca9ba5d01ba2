import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One Kafka broker that is a controller, too. Arguments: server.properties, data directory, and the cluster's id where
 * the broker isn't alone in it. The directory is formatted here where it is new, which saves the start of a second JVM.
 */
public final class KafkaServer {
  public static void main(String[] args) throws Exception {
    if (!Files.exists(Path.of(args[1], "meta.properties"))) {
      String id = args.length > 2 ? args[2] : org.apache.kafka.common.Uuid.randomUuid().toString();
      String[] format = {"format", "--config", args[0], "--cluster-id", id, "--ignore-formatted"};
      int code = kafka.tools.StorageTool.execute(format, System.out);
      if (code != 0) System.exit(code);
    }
    kafka.Kafka.main(new String[] {args[0]});
  }
}
