/** The only file the workflow bundle starts from. */
import { setWorkflowOptions, workflowInfo } from '@temporalio/workflow';
import { deliverCallback } from './deliver-callback.workflow.js';
import { orderPayment } from './order-payment.workflow.js';
import { sweep } from './sweep.workflow.js';

/**
 * Orders stay on the build they began on. These two go over to the current one: a sweep that waits for a build without
 * workers would keep all later sweeps from starting, and a carried callback was acknowledged and must arrive. A worker
 * without a build may not say so.
 */
const followsCurrentBuild = () => {
  const deploymentName = workflowInfo().currentDeploymentVersion?.deploymentName ?? '';
  return deploymentName === '' ? {} : { versioningBehavior: 'AUTO_UPGRADE' as const };
};
setWorkflowOptions(followsCurrentBuild, deliverCallback);
setWorkflowOptions(followsCurrentBuild, sweep);

export { deliverCallback, orderPayment, sweep };
