/** All chains and checkpoints, and every order against its audit. */
import { readFileSync } from 'node:fs';
import type { Connection } from 'mongoose';
import { databaseSource } from '../../audit/database-source.js';
import { type VerificationReport, verifyAudit } from '../../audit/verify-audit.js';
import { parseAuditPublicKeys } from '../../config/audit-keys.js';
import type { Findings } from './findings.js';

export async function checkAudit(
  connection: Connection,
  publicKeyFile: string,
  findings: Findings,
): Promise<VerificationReport> {
  return await verifyAudit(databaseSource(connection), {
    publicKeys: parseAuditPublicKeys(readFileSync(publicKeyFile, 'utf8')),
    anchors: [],
    onFault: (fault) => {
      const ofOrder = 'orderId' in fault;
      const where = ofOrder ? `entry ${fault.sequence}` : `checkpoint ${fault.checkpoint}`;
      const detail = `${where}: ${fault.problem}, ${fault.detail}`;
      findings.add('audit_is_whole', ofOrder ? fault.orderId : null, detail);
    },
  });
}
