/** A database of its own for the tests of alerts, anomalies in it, a clock that tests move, and what receivers got. */
import { randomUUID } from 'node:crypto';
import mongoose, { type Connection } from 'mongoose';
import { pino } from 'pino';
import { inject } from 'vitest';
import type { AlertMessage } from '../../src/alerts/alert-message.js';
import {
  type AlertingLoop,
  type AlertingOptions,
  startAlerting,
} from '../../src/alerts/alerting.js';
import { Secret } from '../../src/config/secret.js';
import type { AnomalyKind } from '../../src/domain/audit.js';
import { AlertRepository } from '../../src/store/alert.repository.js';
import { AnomalyRepository } from '../../src/store/anomaly.repository.js';
import { signingSecret, startReceiver } from '../events/event-environment.js';
import { eventually } from '../support/eventually.js';
import { uniqueOrderNo } from '../support/order-builder.js';

export const PUBLIC_URL = 'https://pay.example.com';
export const SECRET = signingSecret();

export interface AlertEnvironment {
  readonly connection: Connection;
  readonly anomalies: AnomalyRepository;
  readonly alerts: AlertRepository;
  readonly clock: { nowMs: number };
  /** Raises an anomaly now. @returns its id in the store */
  raise(kind: AnomalyKind, subject?: string, detail?: string): Promise<string>;
  heal(id: string): Promise<void>;
  /** A receiver of webhooks, closed with the environment. */
  receiver(answer: Parameters<typeof startReceiver>[0]): ReturnType<typeof startReceiver>;
  /** One process that tells anomalies, stopped with the environment. */
  alerting(options: Partial<AlertingOptions>): AlertingLoop;
  /** Waits until everything was taken up and nothing is due. */
  untilQuiet(): Promise<void>;
  close(): Promise<void>;
}

export async function alertEnvironment(): Promise<AlertEnvironment> {
  const dbName = `test_${randomUUID().replaceAll('-', '')}`;
  const connection = await mongoose
    .createConnection(inject('mongodbUri'), { dbName, autoIndex: false })
    .asPromise();
  const anomalies = new AnomalyRepository(connection);
  const alerts = new AlertRepository(connection);
  await anomalies.createIndexes();
  await alerts.createIndexes();
  // Receivers refuse signatures of another time.
  const clock = { nowMs: Date.now() };
  const at = () => new Date(clock.nowMs).toISOString();
  const open: (() => Promise<void>)[] = [];
  return {
    connection,
    anomalies,
    alerts,
    clock,
    raise: async (kind, subject = `M1001/${uniqueOrderNo()}`, detail = 'what was seen') => {
      await anomalies.raise(subject, randomUUID(), [{ kind, at: at(), detail }]);
      return `${kind}:${subject}`;
    },
    heal: async (id) => {
      const [kind, subject] = id.split(/:(.*)/s) as [AnomalyKind, string];
      await anomalies.heal(subject, [kind], at());
    },
    receiver: async (answer) => {
      const receiver = await startReceiver(answer);
      open.push(receiver.close);
      return receiver;
    },
    alerting: (options) => {
      const alerting = startAlerting({
        webhook: null,
        slackUrl: null,
        anomalies,
        alerts,
        publicUrl: PUBLIC_URL,
        logger: pino({ level: 'silent' }),
        now: () => clock.nowMs,
        random: () => 0,
        pauseMs: 10,
        ...options,
      });
      open.unshift(async () => await alerting.stop(5_000));
      return alerting;
    },
    untilQuiet: async () => {
      await eventually('everything is taken up and nothing is due', async () => {
        const untold = await anomalies.listUntold(1);
        const due = await connection
          .model('Alert')
          .countDocuments({ nextAttemptAt: { $ne: null, $lte: at() } });
        const leased = await connection.model('Alert').countDocuments({ leaseId: { $ne: null } });
        return untold.length === 0 && due === 0 && leased === 0;
      });
    },
    close: async () => {
      for (const closeOne of open) await closeOne();
      await connection.dropDatabase();
      await connection.close();
    },
  };
}

/** The webhook of the configuration, at a receiver. */
export function webhookAt(
  { url }: { readonly url: string },
  secrets: readonly string[] = [SECRET],
) {
  return { url, secrets: secrets.map((secret) => new Secret(secret)) };
}

export function messagesOf(
  received: readonly { readonly body: string }[],
): readonly AlertMessage[] {
  return received.map(({ body }) => JSON.parse(body) as AlertMessage);
}

export function idsOf(
  received: readonly { readonly headers: { readonly [name: string]: unknown } }[],
): readonly unknown[] {
  return received.map(({ headers }) => headers['webhook-id']);
}

export function typesOf(received: readonly { readonly body: string }[]): readonly string[] {
  return messagesOf(received).map(({ type }) => type);
}

/** The same store with some methods replaced, to let a process die, or to let something happen in between. */
export function replacing<Store extends object>(store: Store, methods: Partial<Store>): Store {
  return new Proxy(store, {
    get: (target, name) => {
      const replacement = Reflect.get(methods, name);
      if (replacement !== undefined) return replacement;
      const method = Reflect.get(target, name);
      return typeof method === 'function' ? method.bind(target) : method;
    },
  });
}
