import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { livenessSchema, readinessSchema } from '../answer-schemas.js';
import { jsonResponse, problemResponses } from './operation.js';

const tags = ['Operations'];

const readiness = {
  200: jsonResponse('Ready.', readinessSchema),
  503: jsonResponse('Not ready; `parts` names what is away.', readinessSchema),
};

function textResponse(description: string, mediaType: string) {
  return { 200: { description, content: { [mediaType]: { schema: z.string() } } } };
}

const missingPage = problemResponses(['not_found'], true);

export const operationsOperations: readonly RouteConfig[] = [
  {
    method: 'get',
    path: '/livez',
    operationId: 'isLive',
    tags,
    summary: 'Does the process run?',
    security: [],
    responses: { 200: jsonResponse('It does.', livenessSchema) },
  },
  {
    method: 'get',
    path: '/readyz',
    operationId: 'isReady',
    tags,
    summary: 'Do MongoDB and Temporal answer?',
    security: [],
    responses: readiness,
  },
  {
    method: 'get',
    path: '/healthz',
    operationId: 'isHealthy',
    tags,
    summary: 'The same as /readyz',
    security: [],
    responses: readiness,
  },
  {
    method: 'get',
    path: '/metrics',
    operationId: 'getMetrics',
    tags,
    summary: 'Prometheus metrics; on METRICS_PORT, in trial mode on PORT',
    security: [],
    responses: textResponse('Metrics.', 'text/plain'),
  },
  {
    method: 'get',
    path: '/openapi.json',
    operationId: 'getOpenApi',
    tags,
    summary: 'This document',
    security: [],
    responses: {
      200: jsonResponse('OpenAPI 3.1.', z.record(z.string(), z.unknown())),
    },
  },
  {
    method: 'get',
    path: '/docs/errors',
    operationId: 'explainErrors',
    tags,
    summary: 'Every error code, explained',
    security: [],
    responses: textResponse('A page.', 'text/html'),
  },
  {
    method: 'get',
    path: '/docs/runbooks',
    operationId: 'listRunbooks',
    tags,
    summary: 'What to do about each kind of anomaly',
    security: [],
    responses: { ...textResponse('A page.', 'text/html'), ...missingPage },
  },
  {
    method: 'get',
    path: '/docs/runbooks/{name}',
    operationId: 'getRunbook',
    tags,
    summary: 'What to do about one kind of anomaly',
    security: [],
    request: { params: z.object({ name: z.string().meta({ example: 'late-payment' }) }) },
    responses: { ...textResponse('A page.', 'text/html'), ...missingPage },
  },
];
