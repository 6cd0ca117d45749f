/**
 * Process: the least that could do the same work over HTTP, to compare with. A callback costs one RSA verification and one
 * insert, a verify one find by id; nothing is audited, routed, limited or logged.
 */
import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import express from 'express';
import { isSignedByAny } from '../gateway/codepay/codepay-signature.js';
import { readJsonFields } from '../gateway/codepay/codepay-wire-text.js';
import { listen, portOf } from '../http-server.js';
import { openConnection } from '../store/connection.js';

const [mongodbUri = '', publicKeyFile = ''] = process.argv.slice(2);
const publicKeys = [createPublicKey(readFileSync(publicKeyFile, 'utf8'))];
const connection = openConnection(mongodbUri, 'payment-orders bare server');
await connection.asPromise();
const received = connection.collection<{ _id: string; body: string }>('bare');

const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.post('/callback', express.raw({ type: '*/*' }), async (request, response) => {
  const text = (request.body as Buffer).toString('utf8');
  const fields = readJsonFields(text);
  if (fields === null || !isSignedByAny(fields, publicKeys)) {
    response.status(401).end();
    return;
  }
  const number = fields.get('merchant_order_no') ?? '';
  await received.insertOne({ _id: number, body: text });
  response.type('text/plain').send('success');
});
app.get('/orders/:number', async (request, response) => {
  response.json(await received.findOne({ _id: request.params.number }));
});

const server = await listen(app, { host: '127.0.0.1', port: 0 });
process.stdout.write(`${portOf(server)}\n`);
