# The backing services (and Prometheus) as containers where no image registry is reached: the jars and packages of the embedded mode.
# ci.sh builds one image for each target; they take the settings and folders of the usual images.
ARG BASE_IMAGE
ARG BUILD_IMAGE

FROM ${BUILD_IMAGE} AS mailbox
ARG MAILDEV_VERSION
RUN npm install --global "maildev@${MAILDEV_VERSION}"
WORKDIR /tmp
USER 10001:10001
CMD ["maildev", "--silent"]

FROM ${BASE_IMAGE} AS redis
RUN apt-get update && apt-get install --yes --no-install-recommends redis-server \
  && rm -r /var/lib/apt/lists && install --directory --owner redis /data
WORKDIR /data
USER redis
CMD ["redis-server", "--protected-mode", "no"]

FROM ${BASE_IMAGE} AS prometheus
RUN apt-get update && apt-get install --yes --no-install-recommends prometheus \
  && rm -r /var/lib/apt/lists && install --directory --owner prometheus /prometheus
USER prometheus
CMD ["prometheus", "--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus"]

FROM ${BASE_IMAGE} AS jvm
RUN mkdir --parents /usr/share/man/man1 \
  && apt-get update && apt-get install --yes --no-install-recommends openjdk-17-jre-headless \
  && rm -r /var/lib/apt/lists \
  && install --directory --owner 10001 /var/lib/kafka/data /etc/kafka /data/db
COPY jars /opt/jars
USER 10001:10001

FROM jvm AS mongodb
CMD ["java", "-Xmx512m", "-XX:+UseSerialGC", "-cp", "/opt/jars/*", "MongoServer", "27017", "/data/db/embedded.mv", "0.0.0.0"]

FROM jvm AS kafka
COPY kafka.sh /opt/kafka.sh
CMD ["bash", "/opt/kafka.sh"]
