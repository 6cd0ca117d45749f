/** Stored documents as a version before or after, a restored part, or a hand in the database leaves them behind. */
import type { Document } from 'mongodb';
import type { Connection } from 'mongoose';
import { expect } from 'vitest';
import { MARK } from './hostile-text.js';

/** What a document is found by; without it, it is another one or none. */
const KEYS: ReadonlySet<string> = new Set(['_id', 'merchantNo', 'merchantOrderNo', 'orderId']);

export type Damage = (document: Document, field: string) => Document;

const replacedBy =
  (value: unknown): Damage =>
  (document, field) => ({ ...document, [field]: value });

/** What happens to any field. */
export const DAMAGES: Readonly<Record<string, Damage>> = {
  missing: (document, field) => {
    const { [field]: _missing, ...rest } = document;
    return rest;
  },
  null: replacedBy(null),
  'an unknown word': replacedBy('of_a_newer_version'),
};

/** Wrong types: a driver or a console of the database writes each of them in a moment. */
export const WRONG_TYPES: Readonly<Record<string, Damage>> = {
  'a number': replacedBy(-1.5),
  'a date of the database': replacedBy(new Date(0)),
  'a list': replacedBy([null, 'x']),
  'an object': replacedBy({ a: { b: 1 } }),
  'a huge text': replacedBy(MARK.repeat(20_000)),
};

/** One copy for each field, which is damaged in it. @param idOf of the copy */
export function damagedCopies(
  whole: Document,
  damage: Damage,
  idOf: (field: string) => string,
): readonly Document[] {
  return Object.keys(whole)
    .filter((name) => !KEYS.has(name))
    .map((field) => ({ ...damage(whole, field), _id: idOf(field) }));
}

/**
 * Damages each field of a document in turn, calls, and puts it back.
 * @param alsoKey a field that is a key of other documents, and not of this one
 */
export async function withEachField(
  { connection }: { readonly connection: Connection },
  where: { readonly collection: string; readonly filter: Document; readonly alsoKey?: string },
  damage: Damage,
  check: (field: string) => Promise<void>,
): Promise<void> {
  const documents = connection.collection(where.collection);
  const whole = await documents.findOne(where.filter);
  expect(whole).not.toBeNull();
  if (whole === null) return;
  const byId = { _id: whole._id };
  const { _id, ...sound } = whole;
  const fields = Object.keys(whole).filter((name) => !KEYS.has(name) || name === where.alsoKey);
  try {
    for (const field of fields) {
      const { _id: _same, ...damaged } = damage(whole, field);
      await documents.replaceOne(byId, damaged);
      await check(field);
    }
  } finally {
    await documents.replaceOne(byId, sound);
  }
}
