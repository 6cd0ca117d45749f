/** What requests of several kinds have in common. */
import { z } from 'zod';
import { isWellFormed } from '../domain/well-formed-text.js';

/** A text that is kept: half a surrogate pair would not come back as it was written, and break the audit's hashes. */
export const keptTextSchema = z.string().refine(isWellFormed, 'must be well-formed Unicode');

/** No control characters: the text is shown to people and signed. */
export const plainTextSchema = keptTextSchema
  .min(1)
  .max(255)
  .refine((text) => !/\p{Cc}/u.test(text), 'must not contain control characters');

export const idempotencyHeadersSchema = z.object({
  'Idempotency-Key': z
    .string()
    .regex(/^[ -~]{1,255}$/, 'must be 1 to 255 printable ASCII characters')
    .optional()
    .meta({ description: 'Instead of a number: the same key always means the same one.' }),
});

const PAGE_SIZE_DEFAULT = 20;
const PAGE_SIZE_MAX = 100;

export const pageLimitSchema = z
  .string()
  .regex(/^[0-9]{1,3}$/, `must be 1 to ${PAGE_SIZE_MAX}`)
  .transform(Number)
  .pipe(z.int().min(1).max(PAGE_SIZE_MAX))
  .optional()
  .meta({ description: `1 to ${PAGE_SIZE_MAX}, ${PAGE_SIZE_DEFAULT} when not given.` })
  .transform((limit) => limit ?? PAGE_SIZE_DEFAULT);

/** Stored times are UTC text that sorts as text, so filters are brought to the same form. */
export const timeSchema = z.iso
  .datetime({ offset: true, message: 'must be an RFC 3339 time' })
  .transform((time) => new Date(time).toISOString());

/** Calls that need nothing in the body. */
export const emptyBodySchema = z.strictObject({}).optional();
