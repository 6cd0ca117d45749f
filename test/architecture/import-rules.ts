/** Who may import whom. The first area whose pattern fits a file is the area of the file. */
import { importsOf, type SourceFile } from './source-file.js';

export interface Area {
  readonly name: string;
  readonly files: RegExp;
  /** Files of the project, as paths from the folder src. */
  readonly imports: readonly RegExp[];
  /** Further ones by `import type` alone: nothing of them is loaded. */
  readonly importsTypes: readonly RegExp[];
  readonly packages: readonly RegExp[];
}

const NODE = /^node:/;
const DOMAIN = /^domain\//;
/** The interfaces that activities, deliveries and the API see; what implements them is put in at the process entries. */
const GATEWAY_PORT = /^gateway\/payment-gateway\.ts$/;
const STORE_PORTS =
  /^store\/(order|callback|event|refund|anomaly|alert|statistics|ended-session)-store\.ts$/;
/** Pure functions over content, without a database. */
const STORE_HASHES = /^store\/(canonical-hash|generated-number)\.ts$/;
const TEMPORAL_PORT = /^temporal\/order-messenger\.ts$/;
const PROCESS_PARTS = /^(logger|metrics|http-server|preparation)\.ts$/;
const ENTRY = /^(server|worker|simulator)\.ts$/;

export const AREAS: readonly Area[] = [
  {
    name: 'domain',
    files: DOMAIN,
    imports: [DOMAIN],
    importsTypes: [],
    packages: [],
  },
  {
    name: 'workflows',
    files: /^workflows\//,
    imports: [DOMAIN, /^workflows\//, /^temporal\/task-queues\.ts$/],
    importsTypes: [/^activities\//, STORE_PORTS, GATEWAY_PORT, TEMPORAL_PORT],
    packages: [/^@temporalio\/(workflow|common)$/],
  },
  {
    name: 'activities',
    files: /^activities\//,
    imports: [
      DOMAIN,
      /^activities\//,
      GATEWAY_PORT,
      STORE_PORTS,
      STORE_HASHES,
      TEMPORAL_PORT,
      /^delivery\//,
    ],
    importsTypes: [/^store\/body-sealer\.ts$/, /^workflows\/order-messages\.ts$/],
    packages: [/^@temporalio\/activity$/],
  },
  {
    name: 'gateway port',
    files: /^gateway\/[^/]+\.ts$/,
    imports: [DOMAIN, /^gateway\/[^/]+\.ts$/],
    importsTypes: [],
    packages: [],
  },
  {
    name: 'CodePay client',
    files: /^gateway\/codepay\//,
    imports: [DOMAIN, /^gateway\/[^/]+\.ts$/, /^gateway\/codepay\//],
    importsTypes: [],
    packages: [NODE, /^(zod|jsonc-parser)$/],
  },
  {
    name: 'simulator',
    files: /^gateway\/simulator\//,
    imports: [
      DOMAIN,
      /^gateway\/simulator\//,
      /^gateway\/codepay\/codepay-(wire|wire-text|signature|envelope)\.ts$/,
    ],
    importsTypes: [],
    packages: [NODE, /^(express|helmet|pino|zod)$/],
  },
  {
    name: 'store',
    files: /^store\//,
    imports: [DOMAIN, /^store\//, /^config\/secret\.ts$/],
    importsTypes: [GATEWAY_PORT],
    packages: [NODE, /^(mongoose|safe-stable-stringify)$/],
  },
  {
    name: 'Temporal client',
    files: /^temporal\//,
    imports: [DOMAIN, /^temporal\//, /^workflows\/order-(messages|display)\.ts$/],
    importsTypes: [/^workflows\//, /^config\/secret\.ts$/],
    packages: [NODE, /^@temporalio\/(client|common|envconfig)$/],
  },
  {
    name: 'delivery',
    files: /^delivery\//,
    imports: [DOMAIN, /^delivery\//, STORE_PORTS],
    importsTypes: [GATEWAY_PORT, TEMPORAL_PORT],
    packages: [],
  },
  {
    name: 'configuration',
    files: /^config\//,
    imports: [
      /^config\//,
      /^domain\/(duration|order)\.ts$/,
      /^gateway\/codepay\/codepay-keys\.ts$/,
    ],
    importsTypes: [DOMAIN],
    packages: [NODE, /^zod$/],
  },
  {
    name: 'API',
    files: /^api\//,
    imports: [
      DOMAIN,
      /^api\//,
      /^config\/(credentials|secret|variables)\.ts$/,
      /^delivery\//,
      STORE_PORTS,
      STORE_HASHES,
      TEMPORAL_PORT,
      /^workflows\/order-messages\.ts$/,
      PROCESS_PARTS,
    ],
    importsTypes: [/^config\/config\.ts$/, GATEWAY_PORT],
    packages: [
      NODE,
      /^(better-sse|express|express-rate-limit|helmet|jsonc-parser|marked|pino|pino-http|swagger-ui-express|zod)$/,
      /^@asteasolutions\/zod-to-openapi$/,
    ],
  },
  {
    name: 'events',
    files: /^events\//,
    imports: [DOMAIN, /^events\//, STORE_PORTS],
    importsTypes: [],
    packages: [NODE, /^(pino|standardwebhooks)$/],
  },
  {
    name: 'alerts',
    files: /^alerts\//,
    imports: [
      DOMAIN,
      /^alerts\//,
      STORE_PORTS,
      /^events\/(delivery-loop|delivery-schedule|webhook-message|webhook-transport)\.ts$/,
    ],
    importsTypes: [/^config\/alerting\.ts$/],
    packages: [NODE, /^(pino|standardwebhooks)$/],
  },
  {
    name: 'monitoring',
    files: /^monitoring\//,
    imports: [DOMAIN, /^monitoring\//, STORE_PORTS, PROCESS_PARTS],
    importsTypes: [TEMPORAL_PORT, /^activities\//],
    packages: [NODE, /^(pino|prom-client)$/],
  },
  {
    name: 'browser client',
    files: /^client\//,
    // What the payer is told, and nothing else: whoever takes the client takes no service along.
    imports: [/^client\//, /^domain\/(payer-words|pos-result)\.ts$/],
    importsTypes: [],
    packages: [],
  },
  {
    name: "the console's page",
    files: /^pages\/console\//,
    imports: [DOMAIN, /^pages\/(console|shared)\//],
    importsTypes: [/^api\/(console\/console-contract|[a-z-]+-schemas)\.ts$/],
    packages: [/^(preact|preact\/hooks|preact-iso|uplot|uplot\/dist\/uPlot\.min\.css)$/],
  },
  {
    name: "the demo shop's page",
    files: /^pages\/shop\//,
    imports: [DOMAIN, /^client\//, /^pages\/(shop|shared)\//],
    importsTypes: [/^shop\/shop-contract\.ts$/],
    packages: [/^(preact|preact\/hooks|preact-iso)$/],
  },
  {
    name: 'what pages share',
    files: /^pages\/shared\//,
    imports: [DOMAIN, /^pages\/shared\//],
    importsTypes: [],
    packages: [/^(preact|preact\/hooks)$/],
  },
  {
    name: 'demo shop',
    files: /^shop\//,
    imports: [DOMAIN, /^shop\//],
    importsTypes: [],
    packages: [NODE, /^(express|pino|zod)$/],
  },
  {
    name: 'tracing',
    files: /^tracing\//,
    imports: [/^tracing\//],
    importsTypes: [],
    packages: [
      NODE,
      /^(express|@opentelemetry\/[a-z-]+|@temporalio\/(client|worker|interceptors-opentelemetry))$/,
    ],
  },
  {
    name: 'audit proof',
    files: /^audit\//,
    imports: [DOMAIN, /^audit\//, /^store\//, /^config\/(audit-keys|secret)\.ts$/],
    importsTypes: [],
    packages: [NODE, /^(commander|mongoose|zod)$/],
  },
  {
    name: 'deployment',
    files: /^deployment\//,
    imports: [/^deployment\//, /^(config|temporal)\//, /^audit\/command-line\.ts$/],
    importsTypes: [],
    packages: [NODE, /^commander$/],
  },
  {
    name: 'recovery',
    files: /^recovery\//,
    imports: [
      DOMAIN,
      /^recovery\//,
      /^(config|store|temporal)\//,
      /^gateway\/codepay\/codepay-gateway\.ts$/,
      /^audit\/command-line\.ts$/,
    ],
    importsTypes: [GATEWAY_PORT],
    packages: [NODE, /^commander$/],
  },
  {
    name: 'schedule lab',
    files: /^schedule-lab\//,
    imports: [DOMAIN, /^schedule-lab\//, /^audit\//, /^config\/variables\.ts$/],
    importsTypes: [],
    packages: [NODE, /^commander$/],
  },
  {
    name: 'simulation',
    files: /^simulation\//,
    imports: [
      DOMAIN,
      /^simulation\//,
      /^(activities|api|store|temporal|workflows)\//,
      /^audit\/order-proof\.ts$/,
      GATEWAY_PORT,
      /^logger\.ts$/,
    ],
    importsTypes: [],
    packages: [
      NODE,
      /^(commander|mongoose)$/,
      /^@temporalio\/(client|common|common\/lib\/time\.js)$/,
    ],
  },
  {
    name: 'live faults',
    files: /^chaos\//,
    imports: [
      DOMAIN,
      /^chaos\//,
      /^(audit|store|trial)\//,
      /^config\/audit-keys\.ts$/,
      /^gateway\/simulator\/simulator-(journal|refund)\.ts$/,
      /^simulation\/kernel\/random\.ts$/,
      /^workflows\/order-messages\.ts$/,
    ],
    importsTypes: [/^gateway\/simulator\//],
    packages: [NODE, /^(commander|mongoose|standardwebhooks|@temporalio\/client)$/],
  },
  {
    name: 'trial mode',
    files: /^trial\//,
    imports: [/^trial\//],
    importsTypes: [],
    packages: [/./],
  },
  {
    name: 'demo',
    files: /^demo\//,
    imports: [DOMAIN, /^demo\//],
    importsTypes: [],
    packages: [NODE],
  },
  {
    name: 'benchmarks',
    files: /^bench\//,
    imports: [
      /^bench\//,
      /^gateway\/codepay\/codepay-(signature|wire-text)\.ts$/,
      /^http-server\.ts$/,
      /^store\/connection\.ts$/,
    ],
    importsTypes: [],
    packages: [/./],
  },
  {
    name: 'parts of the processes',
    files: PROCESS_PARTS,
    imports: [PROCESS_PARTS],
    importsTypes: [],
    packages: [NODE, /^(pino|prom-client)$/],
  },
  {
    name: 'parts of the worker',
    files: /^worker-[a-z-]+\.ts$/,
    imports: [
      DOMAIN,
      /^worker-log\.ts$/,
      /^activities\//,
      /^monitoring\//,
      /^temporal\/task-queues\.ts$/,
      PROCESS_PARTS,
    ],
    importsTypes: [/^config\/worker-build\.ts$/],
    packages: [/^pino$/, NODE, /^(express|@temporalio\/(activity|worker))$/],
  },
  {
    name: "parts of the API's process",
    files: /^callback-bodies\.ts$/,
    imports: [/^gateway\/codepay\/codepay-callback-reader\.ts$/, /^store\/body-sealer\.ts$/],
    importsTypes: [/^api\/dependencies\.ts$/, /^config\/config\.ts$/],
    packages: [],
  },
  {
    name: 'process entries',
    files: ENTRY,
    imports: [
      /^(?!trial\/|demo\/|bench\/|deployment\/|recovery\/|schedule-lab\/|workflows\/|(server|worker|simulator)\.ts)/,
    ],
    importsTypes: [],
    packages: [/./],
  },
];

/** Imports that no rule allows, one sentence each. */
export function forbiddenImports(file: SourceFile): readonly string[] {
  const area = AREAS.find(({ files }) => files.test(file.path));
  if (area === undefined) return [`${file.path} belongs to no area`];
  return importsOf(file)
    .filter(({ target, isOfProject, isTypeOnly }) => {
      const fits = (patterns: readonly RegExp[]) => patterns.some((p) => p.test(target));
      if (!isOfProject) return !fits(area.packages);
      return !fits(area.imports) && !(isTypeOnly && fits(area.importsTypes));
    })
    .map(
      ({ target, isTypeOnly }) =>
        `${file.path} (${area.name}) may not import ${isTypeOnly ? 'even types of ' : ''}${target}`,
    );
}

/** Chains of files that import each other, each as `a → b → a`. Types count: such files cannot be read one by one. */
export function importCycles(files: readonly SourceFile[]): readonly string[] {
  const importsByPath = new Map(
    files.map((file) => [
      file.path,
      importsOf(file)
        .filter(({ isOfProject }) => isOfProject)
        .map(({ target }) => target),
    ]),
  );
  const cycles: string[] = [];
  const finished = new Set<string>();
  const follow = (path: string, chain: readonly string[]) => {
    const start = chain.indexOf(path);
    if (start >= 0) {
      cycles.push([...chain.slice(start), path].join(' → '));
      return;
    }
    if (finished.has(path)) return;
    for (const target of importsByPath.get(path) ?? []) follow(target, [...chain, path]);
    finished.add(path);
  };
  for (const path of importsByPath.keys()) follow(path, []);
  return cycles;
}
