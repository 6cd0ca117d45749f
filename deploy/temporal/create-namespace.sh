#!/bin/sh
# Creates the namespace when it is not there. Reads TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE.
# The search attributes are registered by the API and the worker when they start.
set -eu

attempts_left=30
until temporal operator cluster health >/dev/null 2>&1; do
  attempts_left=$((attempts_left - 1))
  if [ "$attempts_left" -eq 0 ]; then
    echo "Temporal at $TEMPORAL_ADDRESS does not become healthy" >&2
    exit 1
  fi
  sleep 2
done

if temporal operator namespace describe -n "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
  echo "namespace $TEMPORAL_NAMESPACE is there"
else
  temporal operator namespace create -n "$TEMPORAL_NAMESPACE" --retention 7d
fi
