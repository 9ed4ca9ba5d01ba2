#!/usr/bin/env bash
# Starts the broker with the settings of the environment, as the usual image does: KAFKA_A_B is the setting a.b.
set -euo pipefail
settings=/etc/kafka/server.properties
env | sed -n 's/^KAFKA_//p' | grep -v '^HEAP_OPTS=' | while IFS='=' read -r name value; do
  name=${name//_/.}
  printf '%s=%s\n' "${name,,}" "$value"
done >"$settings"
exec java ${KAFKA_HEAP_OPTS:--Xmx512m} -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
  -cp '/opt/jars/*' KafkaServer "$settings" "$KAFKA_LOG_DIRS"
