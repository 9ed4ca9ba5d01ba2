#!/usr/bin/env bash
# Checks infra/kubernetes: it builds, and every resource fits its schema. Kubernetes' and KEDA's by kubeconform, Strimzi's by
# the operator's own model (StrimziManifests.java). A mistake planted in each has to be found. Tools and schemas come from
# package registries; needs Go, Python 3.11, JDK 17 and Maven. What can't be had is skipped, with its reason.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
KUBERNETES=1.34.0
say() { echo "Kubernetes: $*"; }
fail() { say "FAILED: $*"; exit 1; }
skip() { say "SKIPPED, because $*"; exit 0; }

# Of a package, the folder that Go keeps it in.
module() { go mod download -json "$1" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p'; }

fetch_tools() {
  command -v go >/dev/null || skip "there is no Go to build kustomize and kubeconform with"
  export GOBIN="$work/bin"
  go install sigs.k8s.io/kustomize/kustomize/v5@v5.7.1 && go install github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0
} 2>"$work/go.log"

# The package refers to its own definitions by an address on the web; here they are files.
fetch_kubernetes_schemas() {
  python3 -m venv "$work/python"
  "$work/python/bin/pip" install --quiet kubernetes-validate==1.37.0 PyYAML==6.0.3
  cp -r "$work"/python/lib/python3*/site-packages/kubernetes_validate/kubernetes-json-schema/v$KUBERNETES-local-strict \
    "$work/schemas"
  sed -i 's|"\$id"|"$comment"|; s|"/api/_definitions|"_definitions|' "$work"/schemas/*.json
}

# KEDA's module holds its definitions, kubeconform's the script that turns them into schemas.
fetch_keda_schemas() {
  local keda kubeconform
  keda=$(module github.com/kedacore/keda/v2@v2.18.1)
  kubeconform=$(module github.com/yannh/kubeconform@v0.7.0)
  cd "$work/schemas"
  FILENAME_FORMAT='{kind}-{fullgroup}-{version}' "$work/python/bin/python" \
    "$kubeconform/scripts/openapi2jsonschema.py" "$keda/config/crd/bases/keda.sh_scaledobjects.yaml" >"$work/keda.log"
}

fetch_strimzi_model() {
  mvn --batch-mode --quiet --file "$here/pom.xml" dependency:copy-dependencies -DoutputDirectory="$work/jars" \
    >"$work/maven.log" 2>&1
}

by_schema() {
  "$work/bin/kubeconform" -strict -summary -skip Kafka,KafkaNodePool,KafkaTopic \
    -schema-location "$work/schemas/{{.ResourceKind}}{{.KindSuffix}}.json" \
    -schema-location "$work/schemas/{{.ResourceKind}}-{{.Group}}-{{.ResourceAPIVersion}}.json" "$1"
}
by_model() { java -cp "$work/jars/*" "$here/StrimziManifests.java" "$1" 2>"$work/java.log"; }

# Each with a mistake of its own: the control.
finds() {
  local check=$1 right=$2 wrong=$3
  sed "s/$right/$wrong/" "$work/all.yaml" >"$work/broken.yaml"
  ! cmp --quiet "$work/all.yaml" "$work/broken.yaml" || fail "there is no $right to break"
  ! "$check" "$work/broken.yaml" >"$work/found" || fail "$wrong passes for right"
}

fetch_tools || { cat "$work/go.log"; fail "kustomize and kubeconform can't be built"; }
fetch_kubernetes_schemas
fetch_keda_schemas
fetch_strimzi_model || { cat "$work/maven.log"; fail "Strimzi's model can't be had"; }
"$work/bin/kustomize" build "$here/.." >"$work/all.yaml"
by_schema "$work/all.yaml"
by_model "$work/all.yaml"
finds by_schema 'readOnlyRootFilesystem: true' 'readOnlyRootFileSystem: true'
finds by_schema 'maxUnavailable: 1' 'maxUnavailable: [1]'
finds by_schema 'maxReplicaCount: 12' 'maxReplicaCount: twelve'
finds by_model 'deleteClaim: false' 'deleteClam: false'
finds by_model 'partitions: 12' 'partitions: dozen'
finds by_model 'type: internal' 'type: internl'
say "passed: every resource fits its schema, and each planted mistake was found"
