import { describe, expect, it } from 'vitest';
import { createAuthenticator } from '../../src/api/credentials.js';
import { createVerifyTokens } from '../../src/api/verify-token.js';
import {
  API_KEY_SCOPES,
  type NamedCredential,
  OPS_TOKEN_SCOPES,
  parseCredential,
  type Scope,
} from '../../src/config/credentials.js';
import { Secret } from '../../src/config/secret.js';

function credential(text: string, allowed: readonly Scope[]): NamedCredential {
  const parsed = parseCredential(text, allowed);
  if (parsed === null) throw new Error('no credential');
  return parsed;
}

const authenticate = createAuthenticator({
  apiKeys: [
    credential('shop:key-of-the-shop-1', API_KEY_SCOPES),
    credential('till:key-of-the-till-1', API_KEY_SCOPES),
  ],
  opsTokens: [credential('ann:token-of-ann-0001', OPS_TOKEN_SCOPES)],
});

describe('credentials', () => {
  it.each([
    ['Bearer key-of-the-shop-1', { kind: 'merchant', name: 'shop' }],
    ['bearer key-of-the-till-1', { kind: 'merchant', name: 'till' }],
    ['Bearer token-of-ann-0001', { kind: 'operator', name: 'ann' }],
    ['Bearer verify_x', { kind: 'payer', token: 'verify_x' }],
  ])('when the header is %s, then the caller is known', (header, caller) => {
    expect(authenticate(header)).toMatchObject(caller);
  });

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'key-of-the-shop-1',
    'Basic key-of-the-shop-1',
    'Bearer key-of-the-shop-',
    'Bearer key-of-the-shop-12',
    'Bearer KEY-OF-THE-SHOP-1',
    'Bearer key-of-the-shop-1 ',
    'Bearer key-of-the-shop-1, Bearer x',
    'Bearer key-of-the-shöp-1',
  ])('when the header is %s, then the caller is nobody', (header) => {
    expect(authenticate(header)).toBeNull();
  });
});

describe('verify tokens', () => {
  const tokens = createVerifyTokens(new Secret('0123456789abcdef0123456789abcdef'));

  it('when the order is the same, then the token is; for another order or secret it is another', () => {
    const token = tokens.issue('M1001/A-1');
    const others = createVerifyTokens(new Secret('another secret of 32 characters!'));
    expect(tokens.issue('M1001/A-1')).toBe(token);
    expect(tokens.matches(token, 'M1001/A-1')).toBe(true);
    expect(tokens.matches(token, 'M1001/A-2')).toBe(false);
    expect(others.matches(token, 'M1001/A-1')).toBe(false);
  });

  it('when it is used in a header, then it needs no encoding', () => {
    expect(tokens.issue('M1001/a|*@')).toMatch(/^verify_[A-Za-z0-9_-]{43}$/);
  });
});
