# One image for the API (its default), the worker (`node dist/worker.js`) and the simulator (`node dist/simulator.js`).
# Debian and not Alpine: Temporal's native library needs glibc.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS build
ENV SCARF_ANALYTICS=false
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json tsconfig.client.json ./
COPY scripts ./scripts
COPY src ./src
RUN npm run build

FROM ${NODE_IMAGE} AS dependencies
ENV SCARF_ANALYTICS=false
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --no-audit --no-fund

FROM ${NODE_IMAGE} AS runtime
# tini is process 1 and hands on the signals. Temporal's native library reads the system's certificate authorities.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates tini \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
ENV NODE_ENV=production \
  HOST=0.0.0.0 \
  PORT=3000 \
  METRICS_PORT=9464 \
  DATA_DIR=/data
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json ./
COPY --from=build /app/dist ./dist
# The API serves them; alerts link there.
COPY docs/runbooks ./docs/runbooks
COPY deploy/healthcheck.mjs deploy/trial-secrets.mjs ./deploy/
# New volumes take their owner from these folders.
RUN mkdir -p /data /secrets/merchant /secrets/gateway && chown node:node /data /secrets/merchant /secrets/gateway
USER node
EXPOSE 3000 9464
# The process alone: it stays alive, and is not to be restarted, while MongoDB or Temporal is away.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 CMD ["node", "deploy/healthcheck.mjs"]
ENTRYPOINT ["tini", "--"]
CMD ["node", "dist/server.js"]
