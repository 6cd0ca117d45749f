import type { OpenAnomaly } from '../../../api/console/console-contract.js';
import type { AnomalyAnswer } from '../../../api/operator-schemas.js';
import { ANOMALY_GUIDES, runbookPath } from '../../../domain/anomaly-guide.js';

/** An anomaly as every page shows it. */
export type AnomalyView = OpenAnomaly & { readonly healedAt: string | null };

/** An anomaly of the list with what its kind means. */
export function anomalyView(anomaly: AnomalyAnswer): AnomalyView {
  return {
    ...anomaly,
    ...ANOMALY_GUIDES[anomaly.kind],
    runbook: runbookPath(anomaly.kind),
  };
}

/** An anomaly of the overview; only open ones are there. */
export function openAnomalyView(anomaly: OpenAnomaly): AnomalyView {
  return { ...anomaly, healedAt: null };
}
