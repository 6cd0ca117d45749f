/** All chains and checkpoints, and every order against its audit. */
import type { KeyObject } from 'node:crypto';
import type { AuditSource } from '../../audit/audited-order.js';
import { type VerificationReport, verifyAudit } from '../../audit/verify-audit.js';
import type { Findings } from './findings.js';

export async function checkAudit(
  source: AuditSource,
  publicKeys: readonly KeyObject[],
  findings: Findings,
): Promise<VerificationReport> {
  return await verifyAudit(source, {
    publicKeys,
    anchors: [],
    onFault: (fault) => {
      const ofOrder = 'orderId' in fault;
      const where = ofOrder ? `entry ${fault.sequence}` : `checkpoint ${fault.checkpoint}`;
      const detail = `${where}: ${fault.problem}, ${fault.detail}`;
      findings.add('audit_is_whole', ofOrder ? fault.orderId : null, detail);
    },
  });
}
