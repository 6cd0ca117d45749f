/**
 * Messages as they stand on the wire, field by field, each value as the very text that was sent: signatures are made
 * over that text, so a parser that turns `1.00` into `1` would break them.
 */
import { type Node, type ParseError, parseTree } from 'jsonc-parser';

/** Top-level fields by name. A string is its content, a number or nested value its source text, null stays null. */
export type WireFields = ReadonlyMap<string, string | null>;

const STRICT = { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false };

/** Strict UTF-8; `null` when the bytes are none. A byte order mark is refused as well: JSON texts have none. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** The fields of a JSON object; `null` for anything else, and for one that names a field twice. */
export function readJsonFields(text: string): WireFields | null {
  const root = strictTree(text);
  if (root?.type !== 'object') return null;
  const fields = new Map<string, string | null>();
  for (const property of root.children ?? []) {
    const [name, value] = property.children ?? [];
    if (name === undefined || value === undefined || fields.has(name.value)) return null;
    fields.set(name.value, sourceText(text, value));
  }
  return fields;
}

/** The fields of an `application/x-www-form-urlencoded` text; `null` when it is none or names a field twice. */
export function readFormFields(text: string): WireFields | null {
  const fields = new Map<string, string | null>();
  for (const pair of text.split('&')) {
    const equals = pair.indexOf('=');
    if (equals < 1) return null;
    const name = decodeFormText(pair.slice(0, equals));
    const value = decodeFormText(pair.slice(equals + 1));
    if (name === null || value === null || fields.has(name)) return null;
    // Some senders leave the plus signs of base64 as they are, and base64 has no blanks.
    fields.set(name, name === 'sign' ? value.replaceAll(' ', '+') : value);
  }
  return fields;
}

/** One JSON object of strings, empty ones left out: what is not sent is not signed either. */
export function writeJsonFields(fields: WireFields): string {
  const sent = [...fields].filter(([, value]) => value !== null && value !== '');
  return JSON.stringify(Object.fromEntries(sent));
}

/** Two parsers must agree that it is JSON: the one that keeps source texts is lenient by nature. */
function strictTree(text: string): Node | null {
  try {
    JSON.parse(text);
    const errors: ParseError[] = [];
    const root = parseTree(text, errors, STRICT);
    return errors.length === 0 ? (root ?? null) : null;
  } catch {
    return null;
  }
}

function sourceText(text: string, node: Node): string | null {
  if (node.type === 'null') return null;
  if (node.type === 'string') return String(node.value);
  return text.slice(node.offset, node.offset + node.length);
}

function decodeFormText(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}
