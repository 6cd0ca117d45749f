/** Which addresses an outgoing request may reach: a name that leads into the own network must not be followed. */
import { lookup } from 'node:dns/promises';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Source: IANA IPv4 and IPv6 special-purpose address registries; multicast besides. */
const NOT_PUBLIC: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

// One for each kind: a list of both matches IPv4 addresses against the IPv6 networks of mapped ones.
const blocked = { ipv4: new BlockList(), ipv6: new BlockList() } as const;
for (const [network, prefix] of NOT_PUBLIC) {
  const kind = network.includes(':') ? 'ipv6' : 'ipv4';
  blocked[kind].addSubnet(network, prefix, kind);
}

/** Code of the error when an address is refused. */
export const ADDRESS_REFUSED = 'ADDRESS_REFUSED';

export class AddressRefusedError extends Error {
  readonly code = ADDRESS_REFUSED;

  constructor() {
    super('the address is not a public one');
    this.name = 'AddressRefusedError';
  }
}

/** @param address an IPv4 or IPv6 address; anything else is not public, an address with a zone neither */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 0 || address.includes('%')) return false;
  const kind = version === 4 ? 'ipv4' : 'ipv6';
  return !blocked[kind].check(address, kind);
}

/** @throws {AddressRefusedError} when the URL names an address itself, and that one is not public */
export function checkLiteralAddress(url: URL): void {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isPublicAddress(host)) throw new AddressRefusedError();
}

/**
 * Resolves a name for one connection and refuses it when any of its addresses is not public. The connection goes to
 * what was checked here: a second answer of the name service is never asked for.
 */
export const lookupPublicAddress: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }).then(
    (addresses) => {
      const [first] = addresses;
      if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address))) {
        callback(new AddressRefusedError(), '', 0);
      } else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    },
    (error: NodeJS.ErrnoException) => callback(error, '', 0),
  );
};
