/** Workers with builds, or without. */
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.js';
import { COMPLETE, problemsOf } from '../support/complete-environment.js';

const both = { WORKER_DEPLOYMENT_NAME: 'payment-orders', WORKER_BUILD_ID: '0.2.0' };

describe('the build of a worker', () => {
  it('when neither variable is given, then workers have no build', () => {
    expect(readConfig({ ...COMPLETE }).workerBuild).toBeNull();
  });

  it('when both are given, then they are the build', () => {
    expect(readConfig({ ...COMPLETE, ...both }).workerBuild).toEqual({
      deploymentName: 'payment-orders',
      buildId: '0.2.0',
    });
  });

  it.each([
    [{ WORKER_DEPLOYMENT_NAME: 'payment-orders' }, 'WORKER_BUILD_ID'],
    [{ WORKER_BUILD_ID: '0.2.0' }, 'WORKER_DEPLOYMENT_NAME'],
  ])('when only %o is given, then the configuration names what is missing', (given, missing) => {
    expect(problemsOf(given)).toEqual([expect.stringContaining(`${missing} is missing`)]);
  });

  it('when the name would not be one for Temporal, then it is refused', () => {
    const problems = problemsOf({ ...both, WORKER_DEPLOYMENT_NAME: 'payment.orders' });
    expect(problems).toEqual([expect.stringContaining('WORKER_DEPLOYMENT_NAME must be')]);
  });
});
