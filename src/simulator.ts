/** Process entry of the simulated CodePay: environment, keys, start, orderly stop. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { parsePrivateKey, parsePublicKeys } from './gateway/codepay/codepay-keys.js';
import { type SimulatorOptions, startSimulator } from './gateway/simulator/start-simulator.js';
import { createLogger } from './logger.js';

const keyFile = <T>(parse: (text: string) => T) =>
  z.string({ error: 'is missing' }).transform((file, context) => {
    try {
      return parse(readFileSync(file, 'utf8'));
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      const reason = error instanceof Error && code === 'key_format' ? error.message : code;
      context.addIssue({ code: 'custom', message: `names a file that cannot be used: ${reason}` });
      return z.NEVER;
    }
  });

/** docs/simulator.md tells them one by one. */
const environmentSchema = z.object({
  SIMULATOR_PORT: z.coerce.number().int().min(0).max(65_535).default(3100),
  SIMULATOR_HOST: z.string().min(1).default('127.0.0.1'),
  SIMULATOR_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  SIMULATOR_PRIVATE_KEY_FILE: keyFile(parsePrivateKey),
  SIMULATOR_MERCHANT_PUBLIC_KEY_FILE: keyFile(parsePublicKeys),
  SIMULATOR_CONTROL: z.enum(['0', '1']).default('0'),
  SIMULATOR_CALLBACK_TIME_SCALE: z.coerce.number().positive().max(1).default(1),
  SIMULATOR_TERMINALS: z.string().default('TERMINAL-1,TERMINAL-2'),
  CODEPAY_APP_ID: z.string({ error: 'is missing' }).min(1).max(32),
  CODEPAY_MERCHANT_NO: z.string({ error: 'is missing' }).min(1).max(32),
  CODEPAY_NOTIFY_URL: z.url({ protocol: /^https?$/ }).optional(),
  SIMULATOR_JOURNAL_FILE: z.string().min(1).optional(),
  DATA_DIR: z.string().min(1).optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

type Environment = z.output<typeof environmentSchema>;

function readEnvironment(): Environment | null {
  const given = Object.fromEntries(
    Object.entries(process.env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environmentSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    process.stderr.write(`${issue.path.join('.')} ${issue.message}\n`);
  }
  return null;
}

function optionsOf(environment: Environment): SimulatorOptions {
  return {
    port: environment.SIMULATOR_PORT,
    host: environment.SIMULATOR_HOST,
    appId: environment.CODEPAY_APP_ID,
    merchantNo: environment.CODEPAY_MERCHANT_NO,
    privateKey: environment.SIMULATOR_PRIVATE_KEY_FILE,
    merchantPublicKeys: environment.SIMULATOR_MERCHANT_PUBLIC_KEY_FILE,
    callbackTimeScale: environment.SIMULATOR_CALLBACK_TIME_SCALE,
    isControlOpen: environment.SIMULATOR_CONTROL === '1',
    terminals: environment.SIMULATOR_TERMINALS.split(',').flatMap((name) => name.trim() || []),
    ...(environment.SIMULATOR_PUBLIC_URL && { publicUrl: environment.SIMULATOR_PUBLIC_URL }),
    ...(environment.CODEPAY_NOTIFY_URL && { notifyUrl: environment.CODEPAY_NOTIFY_URL }),
    ...(environment.SIMULATOR_JOURNAL_FILE && { journalFile: environment.SIMULATOR_JOURNAL_FILE }),
    ...(environment.DATA_DIR && { dataDir: environment.DATA_DIR }),
  };
}

async function main(): Promise<void> {
  const environment = readEnvironment();
  if (environment === null) {
    process.exitCode = 1;
    return;
  }
  const logger = createLogger({ level: environment.LOG_LEVEL, name: 'simulator' });
  const simulator = await startSimulator({ ...optionsOf(environment), logger });
  logger.info({ url: simulator.url, entryUrl: simulator.entryUrl }, 'simulator listens');
  const stop = (signal: string): void => {
    logger.info({ signal }, 'simulator stops');
    void simulator.close();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

main().catch((error: unknown) => {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  const reason =
    code === 'EADDRINUSE'
      ? 'its port is in use; set SIMULATOR_PORT to a free one'
      : String(error instanceof Error ? error.message : error);
  process.stderr.write(`the simulator cannot start: ${reason}\n`);
  process.exitCode = 1;
});
