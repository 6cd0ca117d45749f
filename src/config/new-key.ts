/** Process entry of `npm run keys:new`: invents a key, shows it once, and what to put into the environment instead. */
import { randomBytes } from 'node:crypto';
import { API_KEY_SCOPES, OPS_TOKEN_SCOPES, parseCredential, sha256Of } from './credentials.js';

const KEY_BYTES = 32;
const USAGE = `usage: npm run keys:new -- <name>, or <name>[<scopes>] such as shop[read+write]
scopes of API_KEYS: ${API_KEY_SCOPES.join(', ')}; of OPS_TOKENS: ${OPS_TOKEN_SCOPES.join(', ')}\n`;

/** @returns the exit code */
function main(labels: readonly string[]): number {
  const [label = ''] = labels;
  const key = randomBytes(KEY_BYTES).toString('base64url');
  const line = `${label}:sha256=${sha256Of(key)}`;
  const isUsable = [API_KEY_SCOPES, OPS_TOKEN_SCOPES].some(
    (allowed) => parseCredential(line, allowed) !== null,
  );
  if (labels.length !== 1 || !isUsable) {
    process.stderr.write(USAGE);
    return 1;
  }
  process.stdout.write(`key, shown this once, for its owner:
  ${key}
to add to API_KEYS or OPS_TOKENS, which then hold no usable key:
  ${line}
`);
  return 0;
}

process.exitCode = main(process.argv.slice(2));
