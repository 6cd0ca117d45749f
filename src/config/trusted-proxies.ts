import { isIP } from 'node:net';

const NAMED_RANGES: ReadonlySet<string> = new Set(['loopback', 'linklocal', 'uniquelocal']);
const HOPS = /^[0-9]{1,3}$/;
const PREFIX_LENGTH = /^[0-9]{1,3}$/;

/**
 * Whether the API can take the text for its trusted proxies: true or false, a number of hops, or addresses, networks
 * and named ranges separated by commas. Source: Express guide, behind proxies.
 */
export function isTrustedProxies(text: string): boolean {
  return (
    text === 'true' || text === 'false' || HOPS.test(text) || text.split(/ *, */).every(isRange)
  );
}

function isRange(text: string): boolean {
  if (NAMED_RANGES.has(text)) return true;
  const [address = '', network, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0 || address.includes('%')) return false;
  if (network === undefined) return true;
  if (PREFIX_LENGTH.test(network)) return isPrefixLength(Number(network), family);
  return family === 4 && isNetmask(network);
}

function isPrefixLength(length: number, family: number): boolean {
  return length > 0 && length <= (family === 4 ? 32 : 128);
}

/** Ones and then noughts, such as 255.255.0.0. */
function isNetmask(text: string): boolean {
  if (isIP(text) !== 4) return false;
  const bits = text
    .split('.')
    .map((part) => Number(part).toString(2).padStart(8, '0'))
    .join('');
  return /^1+0*$/.test(bits);
}
