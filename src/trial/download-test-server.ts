/** Process entry: has the testing library download the time-skipping test server. Arguments: version, folder. */
import { TestWorkflowEnvironment } from '@temporalio/testing';

const [version = 'default', downloadDir = '.'] = process.argv.slice(2);
// The library downloads only what it is about to start.
const environment = await TestWorkflowEnvironment.createTimeSkipping({
  server: { executable: { type: 'cached-download', version: `v${version}`, downloadDir } },
});
await environment.teardown();
