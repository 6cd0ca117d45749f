import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { type Logger, pino } from 'pino';
import { SimulatedCodePay } from './simulated-codepay.js';
import { createSimulatorApp } from './simulator-app.js';
import { SimulatorControl } from './simulator-control.js';
import { SimulatorJournal } from './simulator-journal.js';
import { SimulatorStateFile } from './simulator-state-file.js';

export interface SimulatorOptions {
  /** @default 0, any free one */
  readonly port?: number;
  /** @default 127.0.0.1 */
  readonly host?: string;
  /** Where people reach it; the address it listens on when not given. */
  readonly publicUrl?: string;
  /** @default app-simulated */
  readonly appId?: string;
  /** @default 312100000164 */
  readonly merchantNo?: string;
  /** The gateway's key: signs replies and callbacks. Generated when not given. */
  readonly privateKey?: KeyObject;
  /** The merchant's keys: verify requests. A pair is generated when not given. */
  readonly merchantPublicKeys?: readonly KeyObject[];
  /** The state is kept in `simulator` under it; in memory only when not given. */
  readonly dataDir?: string;
  /** Everything is written to this file before anybody is told of it, and taken up from it; instead of `dataDir`. */
  readonly journalFile?: string;
  /** Factor of the retry gaps of callbacks. @default 1 */
  readonly callbackTimeScale?: number;
  /** Where callbacks of terminal sales go that name no address. */
  readonly notifyUrl?: string;
  /** Lets others than this machine use the control API. @default false */
  readonly isControlOpen?: boolean;
  readonly terminals?: readonly string[];
  readonly now?: () => number;
  readonly logger?: Logger;
}

export interface Simulator {
  readonly url: string;
  /** What `CODEPAY_BASE_URL` is to be. */
  readonly entryUrl: string;
  readonly appId: string;
  readonly merchantNo: string;
  readonly gatewayPublicKey: KeyObject;
  /** The merchant's key, when the simulator generated it. */
  readonly merchantPrivateKey: KeyObject | null;
  readonly control: SimulatorControl;
  close(): Promise<void>;
}

/** Starts a simulated CodePay. @throws {Error} when the port is taken */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const logger = options.logger ?? pino({ level: 'silent' });
  const privateKey = options.privateKey ?? generateKeys().privateKey;
  const merchantKeys = options.merchantPublicKeys === undefined ? generateKeys() : null;
  const merchantPublicKeys = options.merchantPublicKeys ?? keysOf(merchantKeys);
  const { journal, stateFile, kept } = memoryOf(options, logger);
  const codepay: SimulatedCodePay = new SimulatedCodePay({
    appId: options.appId ?? 'app-simulated',
    merchantNo: options.merchantNo ?? '312100000164',
    privateKey,
    callbackTimeScale: options.callbackTimeScale ?? 1,
    notifyUrl: options.notifyUrl ?? null,
    now: options.now ?? Date.now,
    logger,
    onChange: () => stateFile?.schedule(() => codepay.snapshot()),
    onRecord: (record) => journal?.append(record),
  });
  const control = new SimulatorControl(codepay);
  const stopping = new AbortController();
  const server = createServer();
  const url = await listen(server, options.port ?? 0, options.host ?? '127.0.0.1');
  const publicUrl = (options.publicUrl ?? url).replace(/\/+$/, '');
  if (kept !== null) codepay.restore(kept);
  const app = createSimulatorApp({
    codepay,
    control,
    publicUrl,
    merchantPublicKeys,
    stopping: stopping.signal,
    isControlOpen: options.isControlOpen ?? false,
    terminals: options.terminals ?? ['TERMINAL-1', 'TERMINAL-2'],
  });
  server.on('request', app);
  return {
    url: publicUrl,
    entryUrl: `${url}/api/entry`,
    appId: codepay.options.appId,
    merchantNo: codepay.options.merchantNo,
    gatewayPublicKey: createPublicKey(privateKey),
    merchantPrivateKey: merchantKeys?.privateKey ?? null,
    control,
    async close() {
      stopping.abort();
      codepay.stop();
      stateFile?.flush(() => codepay.snapshot());
      await stop(server);
      journal?.close();
    },
  };
}

/** Where it remembers over a restart, and what it remembers: the journal, or the state file, or nothing. */
function memoryOf({ dataDir, journalFile }: SimulatorOptions, logger: Logger) {
  if (journalFile !== undefined) {
    const journal = new SimulatorJournal(journalFile);
    return { journal, stateFile: null, kept: journal.read() };
  }
  if (dataDir === undefined) return { journal: null, stateFile: null, kept: null };
  const stateFile = new SimulatorStateFile(join(dataDir, 'simulator'), logger);
  return { journal: null, stateFile, kept: stateFile.read() };
}

interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

function generateKeys(): KeyPair {
  return generateKeyPairSync('rsa', { modulusLength: 2048 });
}

function keysOf(pair: KeyPair | null): readonly KeyObject[] {
  return pair === null ? [] : [pair.publicKey];
}

function listen(server: Server, port: number, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      const address = server.address();
      const actualPort = typeof address === 'object' && address !== null ? address.port : port;
      const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
      resolve(`http://${name.includes(':') ? `[${name}]` : name}:${actualPort}`);
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
