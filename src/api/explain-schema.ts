/** What the API answers about why an order has its status. */
import { z } from 'zod';
import { AUDIT_KINDS } from '../domain/audit.js';
import { EVIDENCE_ROLES } from '../domain/explain-evidence.js';
import { NEXT_STEP_ACTIONS } from '../domain/explain-next.js';
import { ORDER_STATUSES } from '../domain/order.js';
import { answeredTimeSchema } from './answer-schemas.js';

export const explanationSchema = z
  .strictObject({
    status: z.enum(ORDER_STATUSES),
    because: z.string().meta({ description: 'Plain sentences for a person.' }),
    evidence: z.array(
      z.strictObject({
        sequence: z.int().meta({ description: 'Its entry in the audit.' }),
        at: answeredTimeSchema,
        kind: z.enum(AUDIT_KINDS),
        summary: z.string().meta({ description: 'What it says.' }),
        role: z.enum(EVIDENCE_ROLES).meta({
          description:
            '`decided` gave the order its status, `decided_before` an earlier one, `agrees` repeats it, `undecided` proves nothing either way, `lost` speaks against it and changed nothing.',
        }),
        reason: z.string().meta({ description: 'Why it decided, or why it did not.' }),
      }),
    ),
    next: z.strictObject({
      action: z.enum(NEXT_STEP_ACTIONS),
      at: answeredTimeSchema.nullable().meta({ description: 'In the past means now.' }),
      text: z.string(),
    }),
  })
  .meta({ id: 'Explanation', description: 'Why the order has its status.' });
