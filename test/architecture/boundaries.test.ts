/** Imports go one way. Each rule is shown to be able to fail. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { AREAS, forbiddenImports, importCycles } from './import-rules.js';
import { importsOf, readSourceFiles } from './source-file.js';

const files = readSourceFiles();

describe('imports', () => {
  it.each(AREAS.map(({ name }) => name))(
    'when a file belongs to %s, then it imports only what its area may',
    (name) => {
      const area = AREAS.find((candidate) => candidate.name === name);
      const own = files.filter(({ path }) => AREAS.find((a) => a.files.test(path)) === area);
      expect(own.length, 'files of this area').toBeGreaterThan(0);
      expect(own.flatMap(forbiddenImports)).toEqual([]);
    },
  );

  it('when a file is added, then some area has it', () => {
    const homeless = files.filter(({ path }) => !AREAS.some((area) => area.files.test(path)));
    expect(homeless.map(({ path }) => path)).toEqual([]);
  });

  it('when files import each other, then never in a circle', () => {
    expect(importCycles(files)).toEqual([]);
  });

  it('when a file of the project is imported, then it is there', () => {
    const source = fileURLToPath(new URL('../../src/', import.meta.url));
    const missing = files.flatMap((file) =>
      importsOf(file)
        .filter(({ target, isOfProject }) => isOfProject && /\.tsx?$/.test(target))
        .filter(({ target }) => !existsSync(source + target))
        .map(({ target }) => `${file.path}: ${target}`),
    );
    expect(missing).toEqual([]);
  });
});

describe('the rules themselves', () => {
  it.each([
    ['domain/x.ts', "import { readFileSync } from 'node:fs';"],
    ['domain/x.ts', "import type { Order } from '../store/order-store.js';"],
    [
      'workflows/x.ts',
      "import { createGatewayActivities } from '../activities/gateway.activities.js';",
    ],
    ['workflows/x.ts', "import { type OrderStore } from '../store/order-store.js';"],
    ['workflows/x.ts', "import { Client } from '@temporalio/client';"],
    ['activities/x.ts', "import type { OrderRepository } from '../store/order.repository.js';"],
    ['activities/x.ts', "import mongoose from 'mongoose';"],
    ['gateway/x.ts', "export { wire } from './codepay/codepay-wire.js';"],
    ['gateway/codepay/x.ts', "import express from 'express';"],
    ['gateway/simulator/x.ts', "import { map } from '../codepay/codepay-mapping.js';"],
    ['gateway/simulator/x.ts', "import { createApp } from '../../api/app.js';"],
    ['store/x.ts', "import { readConfig } from '../config/config.js';"],
    ['store/x.ts', "const keys = await import('../gateway/codepay/codepay-keys.js');"],
    ['temporal/x.ts', "import { orderPayment } from '../workflows/order-payment.workflow.js';"],
    ['delivery/x.ts', "import { OrderRepository } from '../store/order.repository.js';"],
    ['config/x.ts', "import { decide } from '../domain/decide.js';"],
    ['api/x.ts', "import type { Connection } from 'mongoose';"],
    ['api/x.ts', "let client: import('@temporalio/client').Client;"],
    ['api/x.ts', "import { createStores } from '../store/stores.js';"],
    ['trial/x.ts', "import { readConfig } from '../config/config.js';"],
    ['demo/x.ts', "import { createApp } from '../api/app.js';"],
    ['client/x.ts', "import type { Order } from '../domain/order.js';"],
    ['client/x.ts', "import { signal } from '@preact/signals';"],
    ['pages/shop/x.tsx', "import { Timeline } from '../console/timeline.js';"],
    ['pages/console/x.tsx', "import { presentOrder } from '../../api/order-presenter.js';"],
    ['shop/x.ts', "import { createApp } from '../api/app.js';"],
    ['alerts/x.ts', "import { AnomalyRepository } from '../store/anomaly.repository.js';"],
    ['monitoring/x.ts', "import mongoose from 'mongoose';"],
    ['metrics.ts', "import type { Config } from './config/config.js';"],
    ['worker-x.ts', "import { start } from './worker.js';"],
    ['server.ts', "import { guard } from './trial/process-guard.js';"],
    ['simulator.ts', "import './server.js';"],
    ['newfolder/x.ts', 'export const x = 1;'],
  ])('when %s holds `%s`, then it is found', (path, text) => {
    expect(forbiddenImports({ path, text })).toHaveLength(1);
  });

  it('when an import is allowed as a type, then only `import type` is one', () => {
    const path = 'workflows/x.ts';
    const target = "{ GatewayActivities } from '../activities/gateway.activities.js';";
    expect(forbiddenImports({ path, text: `import type ${target}` })).toEqual([]);
    expect(forbiddenImports({ path, text: `import ${target}` })).toHaveLength(1);
    expect(forbiddenImports({ path, text: `export ${target}` })).toHaveLength(1);
    expect(forbiddenImports({ path, text: `export type ${target}` })).toEqual([]);
  });

  it('when three files import each other in a circle, then it is found, types included', () => {
    const circle = [
      { path: 'a/a.ts', text: "import { b } from '../b/b.js';" },
      { path: 'b/b.ts', text: "import type { C } from './c.js';" },
      { path: 'b/c.ts', text: "export { a } from '../a/a.js';" },
      { path: 'd.ts', text: "import { a } from './a/a.js';" },
    ];
    expect(importCycles(circle)).toEqual(['a/a.ts → b/b.ts → b/c.ts → a/a.ts']);
    expect(importCycles(circle.slice(1))).toEqual([]);
  });
});
