import {
  OpenAPIRegistry,
  OpenApiGeneratorV31,
  type RouteConfig,
} from '@asteasolutions/zod-to-openapi';
import { callbackOperation } from './callback-operation.js';
import { eventOperations } from './event-operations.js';
import { exportOperations } from './export-operations.js';
import { SECURITY_SCHEMES } from './operation.js';
import { operationsOperations } from './operations-operations.js';
import { operatorOperations } from './operator-operations.js';
import { orderOperations } from './order-operations.js';
import { payerOperations } from './payer-operations.js';
import { refundOperations } from './refund-operations.js';

/** The API's contract, generated from the schemas that requests are validated with. */
export function openApiDocument(): ReturnType<OpenApiGeneratorV31['generateDocument']> {
  const registry = new OpenAPIRegistry();
  for (const [name, scheme] of Object.entries(SECURITY_SCHEMES)) {
    registry.registerComponent('securitySchemes', name, scheme);
  }
  const operations: readonly RouteConfig[] = [
    ...orderOperations,
    ...refundOperations,
    ...exportOperations,
    ...eventOperations,
    ...operatorOperations,
    ...payerOperations,
    callbackOperation,
    ...operationsOperations,
  ];
  for (const operation of operations) registry.registerPath(operation);
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Payment orders',
      version: '1',
      description:
        'Is this order paid, and how do we know? Amounts are integers of minor units, times RFC 3339 UTC. Every change is safe to repeat with the same number.',
    },
    servers: [{ url: '/' }],
    tags: [
      { name: 'Orders', description: "For the merchant's back end and operators." },
      { name: 'Refunds', description: 'Money that is given back.' },
      { name: 'Exports', description: 'Files for finance.' },
      { name: 'Events', description: 'What changed, in order.' },
      { name: 'Operators', description: 'For people who decide what a rule cannot.' },
      { name: 'Payer', description: "For the payer's page and the till." },
      { name: 'Callbacks', description: 'For the gateway.' },
      { name: 'Operations', description: 'For those who run the service.' },
    ],
  });
}
